"""The small models, run from weights that an installed package or the repository carries, and labelled
regions.

In: texts. Out: vectors, without knowing what they are used for; and the articles and labels to train and
measure on. Below every other package of the text side.
"""
