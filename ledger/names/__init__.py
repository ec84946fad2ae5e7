"""Whom and what a name means that somebody types: officials, bodies, offices, places, outlets, roles.

In: words as typed. Out: what is stored or stands in the register and answers to them. Every filter and the
plain question go through `match`, so that a name means the same everywhere.
"""
