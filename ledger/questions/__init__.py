"""Plain questions: what one means, and the pledges and statements that answer it.

In: words as a reader types them. Out: what was understood, pledges, statements, and what was done where no
words fit. Stands on `ledger.search` (the index and the vectors) and `ledger.names` (whom words mean).
"""
