"""How values are written for people: days, counts, labels, passages around a quotation, links, tables.

In: values. Out: words and cells, not yet escaped for any page. Used by queries, outputs, pages and exports.
"""
