"""Who holds public office, and the words for it.

In: register files, and words of an article. Out: officials with their posts, offices, bodies, titles.
After text, before statements: what a title or an office is does not depend on who says something.
"""
