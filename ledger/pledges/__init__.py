"""What holds of a pledge, by rules alone.

In: its commitments and evidence, as people decided. Out: whose it is, title, dates, status and flags.
Runs keep what `reckon.reckon` gives, readers ask it again for what people changed since.
"""
