"""The text side: pure functions, an article in, values out; no warehouse, network, scheduler or page.

Its packages stand in the order of the flow: models, text, officials, statements, speakers, commitments,
pledges, evidence; each imports only what stands before it. `pipeline` reads articles up to speakers,
`annotate` all of it.
"""
