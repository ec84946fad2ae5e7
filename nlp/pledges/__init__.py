"""Which commitments are one pledge.

In: commitments with vectors and owners, and where the stored ones belong. Out: commitment to pledge, with
title, owner and dates, and doubts for people. After commitments, before evidence.
"""
