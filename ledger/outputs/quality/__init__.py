"""How accurate the text side is, as it was measured: sentences, tables, pictures.

In: a report of plain values. Out: what terminal, site and dashboard show alike. Beside the other outputs.
"""
