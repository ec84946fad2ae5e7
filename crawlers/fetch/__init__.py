"""The crawl itself: one Scrapy spider with one add-on for manners, in a process of its own.

In: a job with outlets. Out: archive records and crawl lines; failures counted under their names.
"""
