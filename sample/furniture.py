"""Make ``marlshire/furniture.jsonl``: which stretches of the bundled articles are page furniture.

``python -m sample.furniture tests/golden/marlshire/gold.jsonl`` reads the labelled ``boilerplate`` spans,
names each one's kind by its words, and writes ``{"id", "spans": [[start, end, kind], ...]}`` a line, in
text order, offsets into the article's text. Run it again when the articles or their labels change; the
shipped sample reads the file it wrote and needs no test data.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from ledger.errors import WrongUse

FOLDER = Path(__file__).with_name("marlshire")
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


def furniture(labels: Path) -> list[dict[str, object]]:
    """One row for each labelled article that has furniture. Raises WrongUse when ``labels`` has none."""
    rows: list[dict[str, object]] = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        spans = sorted(tuple(span) for span in label.get("boilerplate") or ())
        if spans:
            _check(label, spans)
            named = [[start, end, kind_of(label["text"][start:end])] for start, end in spans]
            rows.append({"id": label["id"], "spans": named})
    if not rows:
        raise WrongUse(f"{labels}: labels no boilerplate; give the file of labelled articles")
    return rows


def _check(label: dict[str, object], spans: list[tuple[int, ...]]) -> None:
    """Furniture is drawn line by line. Raises WrongUse when a span is a part of a line only."""
    lines = str(label["text"]).split("\n\n")
    starts = {sum(len(line) + 2 for line in lines[:n]): len(line) for n, line in enumerate(lines)}
    for start, end in spans:
        if starts.get(start) != end - start:
            raise WrongUse(f"{label['id']}: furniture at {start} is not a whole line; label whole lines")


def main() -> None:
    rows = furniture(Path(sys.argv[1]))
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (FOLDER / "furniture.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
