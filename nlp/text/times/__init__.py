"""Times that words name, as days seen from a day.

In: words of time. Out: patterns by kind of time (grammar) and the days each means (intervals, feasts).
nlp/text/temporal.py finds them in a text.
"""
