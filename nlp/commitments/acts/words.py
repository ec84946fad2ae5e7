"""The words of acts.yaml, and what is known of single words: base forms, whether one is a pronoun."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ledger.data_files import read_yaml
from nlp.models.package import check_package

_LISTS = (
    "agents",
    "passed",
    "done_to",
    "given",
    "one",
    "many",
    "verbs",
    "no_things",
    "said_only",
    "doubled",
    "bare",
    "no_topics",
)


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
            for name in (
                "leading",
                "condition",
                "counted_from",
                "hanging",
                "whom",
                "not_yet",
                "negations",
                "unfinished",
            )
        }
        | {"faults": [re.compile(fault, re.I) for fault in loaded["faults"]]}
    )


@cache
def _lemmatizer(model: str) -> Any:
    """The lemmatizer of a pipeline, which is loaded without it for all else."""
    import spacy  # noqa: PLC0415  # 4 s, only for text

    check_package(model)
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
        found = forms.get(token.lower_) or _likeliest(token.lower_, self._lemmas.rule_lemmatize(token))
        if found in rules()["doubled"]:  # "travelling"
            return found
        return f"{found}l" if token.lower_.startswith(f"{found}l") and token.tag_ != "VBZ" else found


def _likeliest(word: str, found: list[str]) -> str:
    """Of the base forms that a word may have the one that its spelling shows: "hoped" is of "hope", for of
    "hop" it would be "hopped"."""
    bases = [str(one).lower() for one in found]
    single = (b for b in bases if b.endswith("e") and re.fullmatch(rf"{b[:-1]}(?:ed|ing)", word))
    if len(bases) > 1 and re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", bases[0]):
        return next(single, bases[0])
    return bases[0]


@cache
def parser(model: str) -> Parser:
    """The pipeline that clauses are parsed with, one for each model."""
    return Parser(model)
