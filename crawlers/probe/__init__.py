"""Whether an outlet can be read, and where a site keeps its listings: tried live, with the crawl's manners.

In: outlets, or a site's address. Out: what was found of each, nothing kept.
"""
