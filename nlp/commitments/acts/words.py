"""The words of acts.yaml, and what is known of single words: base forms, whether one is a pronoun."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ledger.data_files import read_yaml

_LISTS = ("agents", "passed", "done_to", "given", "one", "many", "verbs", "no_things", "said_only", "doubled")


@cache
def rules() -> dict[str, Any]:
    """The words of acts.yaml, lists as sets, patterns compiled."""
    loaded: dict[str, Any] = read_yaml(__file__, "acts.yaml")
    sets = {name: frozenset(loaded[name]) for name in _LISTS}
    return (
        loaded
        | sets
        | {
            name: re.compile(loaded[name], re.I)
            for name in ("leading", "condition", "counted_from", "hanging")
        }
    )


@cache
def _lemmatizer(model: str) -> Any:
    """The lemmatizer of a pipeline, which is loaded without it for all else."""
    import spacy  # noqa: PLC0415  # 4 s, only for text

    return spacy.load(model, exclude=["ner", "parser"]).get_pipe("lemmatizer")


class Parser:
    """A pipeline with the base forms of words."""

    def __init__(self, model: str) -> None:
        from nlp.components import load_model  # noqa: PLC0415  # spaCy and torch: 4 s, only for text

        self._nlp = load_model(model)
        self._lemmas = _lemmatizer(model)

    def read(self, text: str) -> Any:
        """The text as a Doc."""
        return self._nlp(text)

    def base(self, token: Any) -> str:
        """A word's base form, small letters: "reopened" as "reopen"."""
        if token.tag_ == "VB":
            return str(token.lower_)
        forms: dict[str, str] = rules()["forms"]
        found = forms.get(token.lower_) or str(self._lemmas.rule_lemmatize(token)[0]).lower()
        if found in rules()["doubled"]:  # "travelling"
            return found
        return f"{found}l" if token.lower_.startswith(f"{found}l") and token.tag_ != "VBZ" else found


@cache
def parser(model: str) -> Parser:
    """The pipeline that clauses are parsed with, one for each model."""
    return Parser(model)
