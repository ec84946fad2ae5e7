"""The small models themselves, run from weights that an installed package or the repository carries.

In: texts. Out: tensors, without knowing what they are used for. Below every other package of the text side.
"""
