"""Words without quotation marks in a form that tells whose they are: blocks, letters, lists, minutes.

In comes a `nlp.statements.model.Page`; out go candidates, and the paragraphs that nothing else need read.
"""
