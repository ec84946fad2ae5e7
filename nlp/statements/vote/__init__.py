"""Which of the spans that rules and tagger propose are statements, by a learned vote.

In: a parsed page, the rules' candidates, what the tagger read. Out: the candidates that are kept.
"""
