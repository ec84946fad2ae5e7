"""How good the text side's answers are, on labelled regions: what `said evaluate` and `make eval` measure.

In: labelled regions and what was answered of them. Out: a report of plain values. Above all of nlp. Only
``__main__``, which no product code imports, knows `nlp.training`: it judges each region by what learned from
others.
"""
