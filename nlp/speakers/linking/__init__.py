"""Whether the person that the rules name is the speaker, another is, or nobody: a learned, calibrated vote.

In: an article's reading, its statements, the rules' answers. Out: the answers that stand, with confidence.
"""
