"""Times that words name, as days seen from a day.

In: words of time. Out: patterns by kind of time (grammar) and the days each means (intervals, feasts). Used by
nlp/text/temporal.py, which finds them in a text.
"""
