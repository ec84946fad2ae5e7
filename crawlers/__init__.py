"""From an outlet's address to articles: what to ask for, asking politely, keeping, reading pages.

Its packages stand in order: pages, archive, site_rules, discovery, fetch, loading; each imports only those
before it.
"""
