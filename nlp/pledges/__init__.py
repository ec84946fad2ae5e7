"""Which commitments are one pledge.

In: commitments with vectors and owners, and where the stored ones belong. Out: commitment to pledge, how much
each weighs for title and date, and doubts for people. After commitments, before evidence; what is told of a
pledge is reckoned in `ledger.pledges`.
"""
