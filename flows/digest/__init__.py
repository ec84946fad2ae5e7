"""The digest: rows of the published run come in, a day's news goes out, kept and rendered in each format.

After a run has published, before `flows.delivery` sends what is kept here.
"""
