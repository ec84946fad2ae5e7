"""The digest's ways to its readers: a letter comes in, and goes once to each reader that asked for it.

The last step of a day. A new channel is a module here and a line in `registry`.
"""
