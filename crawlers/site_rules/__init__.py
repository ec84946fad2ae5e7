"""What a site asks of visitors: robots.txt, its reservations for text and data mining, validators of its
files.

In: the files a site serves. Out: what may be asked for, how often, and what may be kept.
"""
