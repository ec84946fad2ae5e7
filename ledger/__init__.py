"""What is known, and what people decided: types, stores, decisions, and what readers ask.

Its packages stand in order: pledges, presentation, storage, decisions, queries, outputs, search; each
imports only those before it. Everything else of the product may import the ledger; it imports nothing of the
product.
"""
