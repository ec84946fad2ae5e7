"""What a page says about itself: its JSON-LD, its headline, who wrote it, when.

In: the tree of a page. Out: strings, names and aware datetimes, "" or none where the page does not tell.
"""
