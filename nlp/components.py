"""The spaCy pipeline: sentences end at line ends, a mark glued to words is a token of its own, and parts of
speech are looked up."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import spacy
from spacy.attrs import IS_SPACE
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

from ledger.errors import WrongUse
from nlp.models.package import check_package
from nlp.parts_of_speech import PartsOfSpeech, understood

_NEEDLESS = ("lemmatizer",)
_GLUED = (
    r"[“”«»]",
    r"(?<=[a-z])[.,!?](?=[“”«»])",
    r'(?<=[a-z])[.,!?](?="[A-Za-z])',
    r'(?<=[a-z][.,!?])"(?=[A-Za-z])',
)
NAME = "said_paragraph_breaks"
RULER, LOOKED_UP = "attribute_ruler", "said_parts_of_speech"


@Language.component(NAME)  # type: ignore[untyped-decorator]  # spaCy's own
def paragraph_breaks(doc: Doc) -> Doc:
    """Set sentence starts after line ends; runs before the parser, which keeps what is set."""
    spaces = doc.to_array([IS_SPACE]).astype(bool)
    for i in np.flatnonzero(spaces[:-1] & ~spaces[1:]).tolist():
        if "\n" in doc[i].text:
            doc[i + 1].is_sent_start = True
    return doc


def with_breaks(nlp: Any) -> Any:
    """The pipeline with the component before its parser (where it has one), added once.

    Its tokenizer also splits at a quotation mark between letters: "said,“We will" is not one word.
    """
    nlp.tokenizer.infix_finditer = compile_infix_regex([*nlp.Defaults.infixes, *_GLUED]).finditer
    if "parser" in nlp.pipe_names and NAME not in nlp.pipe_names:
        nlp.add_pipe(NAME, before="parser")
    return nlp


@Language.factory(LOOKED_UP)  # type: ignore[untyped-decorator]  # spaCy's own
def parts_of_speech(nlp: Language, name: str) -> PartsOfSpeech:
    """What stands in for the pipeline's attribute ruler."""
    return PartsOfSpeech(nlp.get_pipe(RULER))


def with_parts_of_speech(nlp: Any) -> Any:
    """The pipeline with its attribute ruler's parts of speech looked up, where its rules allow that."""
    if RULER in nlp.pipe_names and understood(nlp.get_pipe(RULER)):
        nlp.add_pipe(LOOKED_UP, after=RULER)
        nlp.disable_pipe(RULER)
    return nlp


@lru_cache(maxsize=2)
def load_model(name: str) -> Any:
    """A spaCy English pipeline by its package's name. Raises WrongUse when it is not installed or was
    changed."""
    check_package(name)
    try:
        return with_parts_of_speech(with_breaks(spacy.load(name, exclude=list(_NEEDLESS))))
    except OSError:
        raise WrongUse(
            f"the spaCy model {name!r} is not installed; install the package {name.replace('_', '-')} "
            f"or name another English pipeline in settings.toml"
        ) from None
