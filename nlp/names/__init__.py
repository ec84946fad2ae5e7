"""Who is named in a text: full names, names behind a title, surnames once somebody was introduced.

In: text, with what a tagger and a register hold for people. Out: names at their offsets, and the text
parsed as if everybody were called alike. Nobody is looked up and nothing is said of who they are.
"""
