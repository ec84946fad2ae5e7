"""Fits what the text side learns, from the labelled regions.

In: regions, pairs, sentences in the repo. Out: weights in the packages' data, and figures of what was left
out. Above all of nlp: the product never imports it.
"""
