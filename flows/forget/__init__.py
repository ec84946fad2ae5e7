"""Taking out what must not be kept: an article, a person, an outlet, or what has grown old.

In: what is named. Out: lines on what went, and where it still stands. A tombstone comes first
(`ledger.forgotten`), so a stopped try is gone on with by the same command; what is made of the archive is
made again last.
"""
