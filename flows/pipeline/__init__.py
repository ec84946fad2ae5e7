"""The stages of a run, each a plain function: settings in, counts out; each alone or all in order (`runner`).

Every stage finishes what a kill left and finds nothing the second time. No scheduler is needed.
"""
