"""PDF: letters with their places in, blocks in reading order out.

`glyphs` < `columns` < `furniture` < `hyphens` < `paragraphs` < `read`, each knows what stands before it.
"""
