"""The text side: pure functions, an article in, values out; no warehouse, network, scheduler or page.

Its packages stand in the order of the flow: models, text, officials, statements, speakers, commitments,
pledges, evidence; each imports only what stands before it. `pipeline` reads articles up to speakers,
`annotate` all of it.

onnxruntime, which runs the learned parts, would tell its makers of its use; it is asked not to before it is
loaded.
"""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
