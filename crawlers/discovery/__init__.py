"""Which pages there are: feeds, sitemaps and sections, and when each is worth another look.

In: an outlet's listings. Out: links of articles that are due.
"""
