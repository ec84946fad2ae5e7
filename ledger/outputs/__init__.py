"""What leaves the house: rows for the digest, the exported tables and site, citations, and the run's totals.

In: the published warehouse. Out: plain rows and text, with reserved words left out.
"""
