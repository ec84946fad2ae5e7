"""What leaves the house: rows for the digest, exported tables and site, citations, a run's totals, quality.

In: the published warehouse, the report on quality. Out: plain rows and text, with reserved words left out.
"""
