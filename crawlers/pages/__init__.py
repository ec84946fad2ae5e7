"""A page's bytes in, an article's fields out: text, title, byline, dates, rights; by layouts that are data.

Pure functions: nothing here asks the network.
"""
