"""Whom a source means.

In: candidate statements, the article's names and offices, the register. Out: statements with speaker, role,
body, confidence and reason, or unresolved. After statements, before commitments.
"""
