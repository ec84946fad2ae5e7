"""What holds of a pledge, by rules alone: its commitments and the evidence on it in (as people decided), whose it is,
its title, dates, status and flags out. Runs keep the answers and readers ask again for what people changed since,
both through `ledger.pledges.summary.reckon`; stands above the vocabulary and below every store.
"""
