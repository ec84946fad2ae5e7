"""Which stretches of the bundled articles are page furniture: ``boilerplate`` of the county's labels."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ledger.errors import WrongUse

LABELS = Path(__file__).with_name("marlshire") / "gold.jsonl"
KINDS = (  # the first that matches the start of the line; a line that matches none is a caption
    ("ad", r"(Hide Ad|Advertisement)"),
    ("signup", r"(Sign up to|Thank you for signing up|Get the best stories)"),
    ("video", r"Watch more of our videos"),
    ("more", r"Read more: "),
    ("guidelines", r"(Community Guidelines|Comments are open to)"),
    ("invite", r"Click here to join"),
    ("talk", r"(Tell us|Have your say|Do you )"),
    ("notes", r"(ENDS|Notes to editors|For further information|.*press office\.)"),
    ("foot", r"(Issued by|Follow |If you have been affected|Related topics:)"),
)


def kind_of(line: str) -> str:
    """The kind of a furniture line, for the template that draws it."""
    return next((kind for kind, pattern in KINDS if re.match(pattern, line)), "caption")


def furniture(labels: Path = LABELS) -> dict[str, dict[int, str]]:
    """By article id, the kind of each furniture line by the offset that it starts at.

    Furniture is drawn line by line. Raises WrongUse when a span is a part of a line only.
    """
    found: dict[str, dict[int, str]] = {}
    for line in labels.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        spans = [tuple(span) for span in label.get("boilerplate") or ()]
        if spans:
            _check(label, spans)
            found[label["id"]] = {start: kind_of(label["text"][start:end]) for start, end in spans}
    return found


def _check(label: dict[str, object], spans: list[tuple[int, ...]]) -> None:
    lines = str(label["text"]).split("\n\n")
    starts = {sum(len(line) + 2 for line in lines[:n]): len(line) for n, line in enumerate(lines)}
    for start, end in spans:
        if starts.get(start) != end - start:
            raise WrongUse(f"{label['id']}: furniture at {start} is not a whole line; label whole lines")
