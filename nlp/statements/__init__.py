"""Who-said-what as spans: quotations, their cue and their source as written.

In: a parsed article (spaCy Doc). Out: candidate statements with content, cue and source, unresolved.
After officials, before speakers, who resolve the sources.
"""
