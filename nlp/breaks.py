"""What the parse is given: sentences end at line ends, and a mark glued to words is a token of its own."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

_GLUED = (
    r"[“”«»]",
    r"(?<=[a-z])[.,!?](?=[“”«»])",
    r'(?<=[a-z])[.,!?](?="[A-Za-z])',
    r'(?<=[a-z][.,!?])"(?=[A-Za-z])',
)
NAME = "said_paragraph_breaks"


@Language.component(NAME)  # type: ignore[untyped-decorator]  # spaCy's own
def paragraph_breaks(doc: Doc) -> Doc:
    """Set sentence starts after line ends; runs before the parser, which keeps what is set."""
    for i in range(1, len(doc)):
        before = doc[i - 1]
        if before.is_space and "\n" in before.text and not doc[i].is_space:
            doc[i].is_sent_start = True
    return doc


def with_breaks(nlp: Any) -> Any:
    """The pipeline with the component before its parser (where it has one), added once.

    Its tokenizer also splits at a quotation mark between letters: "said,“We will" is not one word.
    """
    nlp.tokenizer.infix_finditer = compile_infix_regex([*nlp.Defaults.infixes, *_GLUED]).finditer
    if "parser" in nlp.pipe_names and NAME not in nlp.pipe_names:
        nlp.add_pipe(NAME, before="parser")
    return nlp
