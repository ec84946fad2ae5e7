"""What a crawl keeps: pages as WARC records, a line for each, and what was seen before.

In: responses. Out: files under data/, the evidence from which everything can be made again.
"""
