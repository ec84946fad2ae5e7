"""What a commitment says beside that it is one: the act in few words, its condition, deadline and measure."""

from __future__ import annotations

import re

from ledger.types import Deadline, Measure
from nlp.commitments.clauses import Sentence, Sign, act_end
from nlp.commitments.lexicon import words

MOST_WORDS = 14  # of an act's title
_TRAIL = re.compile(r"[\s,;:.\-–—…\"']+$")
_HEAD = re.compile(r"^(?:(?:that|also|then|now|so|and|but|the|a|an|our|my|to) )+", re.I)
_REFUSED = re.compile(r"(?:\bnot|n't)\s*$")
_LOOSE = re.compile(r"\s(?:and|or|to|by|for|of|in|on|at|with|the|a|an|from|until|before|that|so|as)$", re.I)


def condition(sign: Sign, parts: list[Sentence]) -> str:
    """The words of the condition on the act, "" when there is none: a clause with "if" and the like."""
    sentence = parts[sign.at]
    lexicon = words()
    plain = lexicon.found["not_conditions"].sub(
        lambda match: "~" * (match.end() - match.start()), _conditions_kept(sentence)
    )
    for (start, end), due in sentence.deadlines:
        if due.last and due.text.lower().startswith(("until", "till")):  # "not be finished until February"
            plain = plain[:start] + "~" * (end - start) + plain[end:]
    match = lexicon.found["conditions"].search(plain)
    if match is None:
        following = parts[sign.at + 1 : sign.at + 2]
        alone = following and lexicon.has("condition_alone", following[0].plain)
        return _TRAIL.sub("", following[0].words).strip() if alone else ""
    if match.start() > sign.act[1] and re.search(r"\b(?:and|but) $", sentence.plain[: match.start()]):
        return ""  # "…, and if the milestones are not met it will stop": another act's
    stop = re.compile(r"[,;.…]| - |\b(?:then )?(?:we|i)(?:'ll| will)\b").search(plain, match.end())
    end = stop.start() if stop else len(plain)
    return _TRAIL.sub("", sentence.words[match.start() : end]).strip()


def _conditions_kept(sentence: Sentence) -> str:
    """The plain words, with "if elected" set between commas put back."""
    start = sentence.words.lower().find(", if ")
    return sentence.plain if start < 0 else sentence.plain[:start] + sentence.words.lower()[start:]


def deadline(sign: Sign, parts: list[Sentence], condition: str) -> Deadline | None:
    """The time of the act: in its clause, else its sentence, else (an affirmation) the one before or after.

    A length of time counted from a condition ("if …, within thirty days") keeps its words and no days; a
    time of the condition itself is taken only when there is no other, and "for three years" last of all.
    """
    sentence = parts[sign.at]
    at = sentence.words.find(condition) if condition else -1
    limits = range(at, at + len(condition)) if at >= 0 else range(0)
    own = [(span, row) for span, row in sentence.deadlines if span[0] not in limits]
    clause = [row for span, row in own if sign.act[0] <= span[0] <= sign.act[1]]
    if condition and clause:
        return _from_condition(clause[0])
    before = [row for span, row in reversed(own) if span[0] < sign.act[0]]
    after = [row for span, row in own if span[0] > sign.act[1]]
    if _REFUSED.search(sentence.plain[: sign.act[0]]):  # "will not be finished until February"
        after.sort(key=lambda row: not row.text.lower().startswith(("until", "till", "before")))
        before, after = after[:1], [*after[1:], *before]
    choices = [*clause, *before, *after, *(row for span, row in sentence.deadlines if span[0] in limits)]
    if sign.kind in ("affirmation", "commissive") and not choices:
        near = [*parts[max(0, sign.at - 1) : sign.at], *parts[sign.at + 1 : sign.at + 2]]
        choices = [row for other in near for _, row in other.deadlines]
    if not choices and re.search(r"\bby then\b|\b(?:that|the same) (?:date|day|deadline)\b", sentence.plain):
        choices = [row for other in reversed(parts[: sign.at]) for _, row in reversed(other.deadlines)]
    choices.sort(key=lambda row: (row.last is None, row.text.lower().startswith(("for ", "over "))))
    return choices[0] if choices else None


def _from_condition(due: Deadline) -> Deadline:
    """A time counted from a condition that may come about any day: its words only."""
    counted = re.match(
        r"(?:within|inside|in) (?!the\b)[\w-]+ (?:\w+ )?(?:day|week|month|year|fortnight)", due.text, re.I
    )
    return Deadline(due.text) if counted else due


def measure(sign: Sign, parts: list[Sentence]) -> Measure | None:
    """The first amount in the act's clause, else in its sentence."""
    rows = parts[sign.at].measures
    inside = [row for span, row in rows if sign.act[0] <= span[0] <= sign.act[1]]
    return next(iter(inside or [row for _, row in rows]), None)


def action(sign: Sign, parts: list[Sentence]) -> str:
    """The act as a short title: "publish the delivery plan", "every recommendation delivered"."""
    sentence = parts[sign.at]
    start, end = sign.act
    if sentence.plain[end : end + 1] == "~":  # a quotation within, blanked for the rules only
        end = act_end(sentence.words.lower(), start)
    kept = list(sentence.words)
    for (first, last), _ in sentence.deadlines:
        kept[first:last] = "\x00" * (last - first)
    act = "".join(kept[start:end]).replace("\x00", "")
    if sign.kind in ("outcome", "scheduled") and sign.subject not in ("there", "it", "that", "", "you"):
        at = sentence.plain.rfind(sign.subject, 0, start)
        named = "".join(kept[at : at + len(sign.subject)]).replace("\x00", "")
        subject = named.strip() if at >= 0 and named.strip() else sign.subject
        verb = re.sub(r"^(?:to )?be ", "", act)
        if verb == act:
            verb = re.sub(r"^(?:due |set |scheduled )?(?:to )?", "to ", act, count=1)
        act = f"{_HEAD.sub('', subject.strip())} {_negation(sign, sentence)}{verb}"
    elif sign.type == "negative":
        act = act if re.match(r"be no ", act) else f"{_negation(sign, sentence)}{act}"
    act = re.sub(r"^be (?=no |\d|[a-z]+ing )", "", act.strip())
    return _short(act) or _short(sentence.words)


def _negation(sign: Sign, sentence: Sentence) -> str:
    """ "no longer " and "not " where they stand before the act."""
    if re.search(r"\bno longer\s*$", sentence.plain[: sign.act[0]]):
        return "no longer "
    return "not " if sign.type == "negative" else ""


def _short(act: str) -> str:
    """At most MOST_WORDS words, no loose word at the end, no article at the start."""
    flat = _HEAD.sub("", re.sub(r"\s+", " ", act).strip(" ,.;:-–—…\"'"))
    flat = " ".join(flat.split()[:MOST_WORDS])
    while (shorter := _LOOSE.sub("", _TRAIL.sub("", flat))) != flat:
        flat = shorter
    return flat
