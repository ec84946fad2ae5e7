"""The warehouse file: the one door to it, what runs write and read, all SQL.

In: values of the stages. Out: the side file that a run works in, published in one rename. Readers see it
through `ledger.decisions`.
"""
