"""Text itself, without knowing what it is about.

In: the stored text of an article or statement. Out: paragraphs, sentences, numbers, amounts, days, vectors.
The first package of the flow: it imports no other one.
"""
