"""The digest's formats: a `Digest` comes in, text goes out, to be kept and sent.

A new format is a module here and a line in `registry`.
"""
