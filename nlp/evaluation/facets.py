"""By what figures are parted: form of the article, kind of the statement, role, body, sex, group of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ledger.data_files import read_yaml
from nlp.evaluation.matching import is_official
from nlp.officials.lexicon import lexicon

FacetRow = Mapping[str, Any]
NEWS = "news"
_SEX = {"f": "women", "m": "men"}


def form_of(article: FacetRow) -> str:
    """The form of a labelled article, of forms.yaml."""
    tags = set(article.get("tags") or ())
    return next((form for form, known in _forms().items() if tags & known), NEWS)


def facets_of(statement: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The facets of a labelled statement, each with its value."""
    yield "kind", statement["kind"]
    yield "role", statement.get("role") or "none"
    if is_official(statement):
        yield "body", "named" if statement.get("body") else "not named"
        if statement.get("speaker"):
            yield "sex", sex_of(statement["speaker"])


def sex_of(name: str) -> str:
    """ "women", "men" or "not told", by the first name alone, as the lists of the text side have it."""
    return _SEX.get(lexicon().first_names.get(name.split()[0], ""), "not told")


@lru_cache(maxsize=1)
def _forms() -> dict[str, frozenset[str]]:
    return {form: frozenset(tags) for form, tags in read_yaml(__file__, "forms.yaml").items()}
