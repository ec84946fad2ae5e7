"""A spaCy component that ends sentences at line ends, so that no clause reaches into the next paragraph."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

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
    """The pipeline with the component before its parser (where it has one), added once."""
    if "parser" in nlp.pipe_names and NAME not in nlp.pipe_names:
        nlp.add_pipe(NAME, before="parser")
    return nlp
