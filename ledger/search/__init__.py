"""Finding statements and pledges, by words and by meaning.

In: a query as typed. Out: hits, best first. The index and the vectors lie beside the warehouse and are
brought up to date at publishing.
"""
