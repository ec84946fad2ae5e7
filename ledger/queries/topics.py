"""Topics of public life, known by how the words about them begin (``topics.yaml``)."""

from __future__ import annotations

import re
from functools import cache

from ledger.data_files import read_yaml


@cache
def patterns() -> dict[str, str]:
    """Each topic with a regular expression (RE2 syntax, DuckDB's) over text in small letters."""
    listed: dict[str, list[str]] = read_yaml(__file__, "topics.yaml")
    return {topic: rf"(?:^|[^\w])(?:{'|'.join(map(_form, forms))})" for topic, forms in listed.items()}


def topics_of(text: str) -> list[str]:
    """The topics that the words are about, in the order of the file; none where no word tells."""
    return [topic for topic, pattern in patterns().items() if re.search(pattern, text.lower())]


def _form(form: str) -> str:
    whole = form.endswith(".")
    return re.escape(form.rstrip(".").lower()) + (r"(?:$|[^\w])" if whole else "")
