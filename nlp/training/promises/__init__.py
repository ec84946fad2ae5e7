"""What the promise side learns: clauses, which of them are one promise, and what bears on it.

In: labelled regions, pairs and sentences. Out: rows for the votes, and the encoder of promises.
"""
