"""What a statement undertakes.

In: a statement's words with who said them and when. Out: a commitment with type, act, measure, deadline,
condition, place, confidence and reason, or none. After speakers, before pledges. `train` makes the model
anew.
"""
