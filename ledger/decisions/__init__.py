"""What people decided, and how it changes what is seen.

In: the append-only journal. Out: its rows in force, applied for runs (`effects`) and for readers
(`published`), who open the warehouse through `published.reading`.
"""
