"""What the dashboard asks: one module for each page.

In: the home's settings and what a reader chose. Out: plain rows, with people's decisions applied.
"""
