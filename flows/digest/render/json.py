"""The digest as JSON: what a webhook is sent."""

from __future__ import annotations

import json
from dataclasses import asdict

from flows.digest.compose import Digest


def render(digest: Digest) -> str:
    """The digest's own fields and its subject, without the keys of what it tells. Days are ISO dates."""
    fields = asdict(digest)
    del fields["told"]
    return json.dumps({"subject": digest.subject, **fields}, default=str, ensure_ascii=False)
