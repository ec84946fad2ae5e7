"""What the parse of a clause tells of a part of it: to come, asked, or narrowing what it hangs on."""

from __future__ import annotations

from typing import Any

from nlp.commitments.acts.words import rules

_LIMITS = ("to", "before", "until", "unless", "without")


def asks(clause: Any) -> bool:
    """Whether a clause is a question in another's words: "say whether it will pay"."""
    return clause.left_edge.lower_ in ("whether", "what", "how", "why", "where", "who")


def lies_ahead(verb: Any) -> bool:
    """Whether a verb tells what is still to come: by "will", "would", "is to", or as a bare form."""
    ahead = ("will", "would", "'ll", "shall", "to", "going")
    return verb.tag_ == "VB" or any(c.dep_ == "aux" and c.lower_ in ahead for c in verb.children)


def narrows(token: Any, no: str) -> bool:
    """A clause without which more would be promised than was: "to those who joined", "sell no land that
    floods"; a long one only where a "not" or a head that tells nothing ("those") asks for it."""
    inside = list(token.subtree)
    first = min(t.i for t in inside)
    if first == 0 or token.doc[first - 1].text in (",", "-", "–", "—"):
        return False
    if token.dep_ == "relcl" and token.i == first and token.tag_ in ("VBZ", "VBP"):
        return True  # "hotel stays" read as a clause
    short = len(inside) <= int(rules()["narrowing"])
    if token.dep_ == "acl":
        return True
    if token.dep_ == "advcl":
        return short and token.doc[first].lower_ in _LIMITS
    return token.dep_ == "relcl" and (short or bool(no) or token.head.lower_ in rules()["bare"])
