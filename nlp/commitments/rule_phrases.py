"""Signs of an undertaking without a plain "will": promising, planning, hoping, going on, a date set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ledger.types import CommitmentType, Span
from nlp.commitments.clauses import Attribution, Sentence, Sign, act_end, opening, subject_before
from nlp.commitments.lexicon import speaker_prefix, words

_ADVERBS = "(?: also| still| now| then| therefore| all| both| fully| absolutely| firmly)*"
_VERBS: tuple[tuple[str, str, CommitmentType], ...] = (
    ("commissives", "commissive", "firm"),
    ("on_course", "on_course", "firm"),
    ("intentions", "intention", "intention"),
    ("aspirations", "aspiration", "aspiration"),
    ("ongoing", "ongoing", "ongoing"),
)


def verbs(at: int, sentence: Sentence, attribution: Attribution) -> Iterator[Sign]:
    """Promising, planning, hoping and going on, said of the speaker or the speaker's body."""
    lexicon, plain = words(), sentence.plain
    who = speaker_prefix(attribution.role, attribution.reported)
    if attribution.reported and re.match(r"(?:he|she|they|it|i|we|the \w+)\b", plain):
        who = rf"(?:{who}|\b(?:and|but))"  # "she bore no grudges and intended to …"
    for name, sort, kind in _VERBS:
        pattern = _joined(who, name)
        for match in pattern.finditer(plain):
            act = (match.end(), act_end(plain, match.end()))
            near = plain[max(0, match.start() - 4) : match.end() + 40]
            if lexicon.has("refusals", near) or (
                name == "aspirations" and not _wished(plain[match.start() : act[1]])
            ):
                continue
            yield Sign(sort, kind, at, match[0], act, lexicon.weight(sort), f"“{match[0].strip()}”")
    nouns: tuple[tuple[str, CommitmentType], ...] = (
        ("intention_nouns", "intention"),
        ("aspiration_nouns", "aspiration"),
    )
    for name, kind in nouns:
        for match in lexicon.found[name].finditer(plain):
            act = (match.end(), act_end(plain, match.end()))
            yield Sign(kind, kind, at, "", act, lexicon.weight(kind), f"“{match[0]}”")


@cache
def _joined(who: str, name: str) -> re.Pattern[str]:
    """A speaker's words with the verbs of that name in commitments.yaml right after them."""
    extra = _ADVERBS if name == "ongoing" else ""
    return re.compile(rf"{who}(?=[ '])(?:{extra} ?)(?:{words().found[name].pattern})")


def _wished(near: str) -> bool:
    """Whether wanting is wanting to do or to see done by oneself, not a call on others or a phrase."""
    lexicon = words()
    if lexicon.has("not_aspirations", near):
        return False
    return lexicon.has("wishes", near)


def phrases(at: int, sentence: Sentence, attribution: Attribution) -> Iterator[Sign]:
    """Affirmations, things scheduled, and what is under way for a day to come."""
    lexicon, plain = words(), sentence.plain
    whole: Span = (0, len(plain.rstrip(" .!")))
    if match := lexicon.found["affirmations"].search(plain):
        weight = lexicon.weight("affirmation")
        if "date" in match[0] or "there w" in match[0]:
            weight = weight if sentence.dated else 0.45
        yield Sign("affirmation", "firm", at, "", whole, weight, f"“{match[0].strip()}”")
    if match := re.search(r"(?<!whether the )(?<![\w'])on (?:course|track|schedule) (?:to|for)\b", plain):
        weight = lexicon.weight("on_course") - 0.3 * (not sentence.dated)
        yield Sign(
            "on_course", "firm", at, "", (match.end(), act_end(plain, match.end())), weight, f"“{match[0]}”"
        )
    if (match := lexicon.found["scheduled"].search(plain)) and (
        sentence.dated or " to " in f" {match['act'][:14]}"
    ):
        weight = lexicon.weight("scheduled") - 0.1 * (not sentence.dated)
        subject, before = subject_before(plain, match.start())
        if re.search(r"(?:aim|plan|goal|intention|ambition|vision|hope|idea|dream|target)$", subject):
            return
        if not re.search(r"\b(?:if|which|who|whether|how|what|is)$", before.strip()) and subject not in (
            "i",
            "you",
        ):
            yield Sign(
                "scheduled",
                "firm",
                at,
                subject,
                match.span("act"),
                weight,
                f"scheduled: “{opening(match[0])}”",
            )
    elif sentence.dated and not attribution.reported and (match := lexicon.found["present"].search(plain)):
        subject, _ = subject_before(plain, match.start())
        if subject and subject not in ("i", "you", "to"):
            yield Sign(
                "scheduled", "firm", at, subject, match.span("act"), 0.5, f"a date set: “{opening(match[0])}”"
            )
    if match := lexicon.found["not_happening"].search(plain):
        subject, _ = subject_before(plain, match.start())
        yield Sign(
            "outcome",
            "negative",
            at,
            subject,
            match.span("act"),
            lexicon.weight("not_happening"),
            f"“{match[0]}”",
        )
    who = speaker_prefix(attribution.role, attribution.reported)
    moving = _joined(who, "progressive").search(plain)
    if moving and (sentence.dated or moving["not"]):
        kind: CommitmentType = "negative" if moving["not"] else "firm"
        act = (moving.start("verb"), act_end(plain, moving.end()))
        yield Sign(
            "progressive", kind, at, "we", act, lexicon.weight("progressive"), f"“{moving[0].strip()}”"
        )


def infinitive(first: Sentence, attribution: Attribution) -> Sign | None:
    """ "vowed" + "to deliver 300 homes": the cue makes the act a promise, a plan or a hope."""
    match = re.match(r"\W*(?P<not>not |never )?to (?P<act>\w+)", first.plain)
    lexicon = words()
    tables: tuple[tuple[re.Pattern[str], CommitmentType], ...] = (
        (lexicon.commissive_cues, "firm"),
        (lexicon.weaker_cues, "firm"),
        (lexicon.intention_cues, "intention"),
        (lexicon.aspiration_cues, "aspiration"),
    )
    for cues, kind in tables:
        if not (cue := cues.search(attribution.cue)):
            continue
        if match:
            act = (match.start("act"), act_end(first.plain, match.end()))
            weight = lexicon.weight("cue_infinitive" if kind == "firm" else kind)
            return Sign(
                "cue_infinitive",
                "negative" if match["not"] else kind,
                0,
                "",
                act,
                weight,
                f"“{cue[0]}” to + verb",
            )
        if cues is lexicon.commissive_cues:
            whole = (0, len(first.plain.rstrip(" .")))
            return Sign("cue", kind, 0, "", whole, 0.5, f"said with “{cue[0]}”")
    if (
        re.search(r"\bannounc", attribution.cue)
        and lexicon.has("announced", first.plain)
        and not lexicon.has("finite", first.plain)
    ):
        whole = (0, len(first.plain.rstrip(" .")))
        return Sign("announced", "firm", 0, "", whole, lexicon.weight("announced"), "a new thing announced")
    return None
