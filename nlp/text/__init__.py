"""Text itself, without knowing what it is about.

In: the stored text of an article or statement. Out: paragraphs, sentences, numbers, amounts, days, vectors.
After models, before all that knows of officials and statements.
"""
