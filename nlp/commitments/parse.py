"""A statement as given to the flagging of commitments, and what the rules see in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from ledger.types import Role, Statement
from nlp.commitments.clauses import Attribution, Sentence, Sign, sentences
from nlp.commitments.lexicon import words
from nlp.commitments.rules import signs
from nlp.text.normalize import either, fold_quotes
from nlp.text.sentences import sentence_breaks
from nlp.text.spans import JOIN, paragraph_at, words_at
from nlp.text.times.grammar import months

MOST = 20_000  # characters read of one statement: an hour of speech holds its promises by then
_APART = re.compile(
    r"[.!?;](?:\s|$)| - |, (?:but|and|while|as|despite|following|with|who|which)\b|, after\b(?! \w+ promised)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One statement's words and who said them.

    ``text``: the words of the content spans joined by JOIN. ``cue``: the words of the cue, "" if none.
    ``role`` None: not known, the words alone are judged. ``context``: the paragraph that holds it.
    """

    statement_id: str
    text: str
    kind: str = "direct"
    cue: str = ""
    published: date | None = None
    role: Role | None = None
    speaker: str | None = None
    context: str = ""


def said_of(statement: Statement, text: str, day: date | None) -> Said:
    """A statement of the article ``text``, published on ``day``, as flagging wants it."""
    return Said(
        statement_id=statement.id,
        text=words_at(text, statement.content),
        kind=statement.kind,
        cue=words_at(text, statement.cue),
        published=day,
        role=statement.role,
        speaker=statement.speaker,
        context=paragraph_at(text, statement.content),
    )


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """What the rules see in a statement: its sentences, its signs, and whether it retells an old promise."""

    parts: tuple[Sentence, ...]
    signs: tuple[Sign, ...]
    recall: str

    @property
    def headline(self) -> Sign | None:
        """The sign that weighs most; a dated or counted act before one that is not; the first of equals."""
        if not self.signs:
            return None
        best = max(self.signs, key=self._rank)
        if best.kind == "affirmation" and best.at and words().has("pointing_back", best.why):
            meant = [sign for sign in self.signs if sign.at == best.at - 1 and sign.kind != "affirmation"]
            if meant:  # "… they'll be back on it. That's a promise."
                return replace(max(meant, key=self._rank), weight=best.weight)
        return best

    def _rank(self, sign: Sign) -> tuple[float, int]:
        part = self.parts[sign.at]
        by = any(
            re.match(r"(?:on or )?(?:by|before|no later)\b", due.text, re.I)
            for _, due in part.deadlines
            if due.last
        )
        more = 0.12 * part.dated + 0.05 * by + 0.03 * bool(part.measures)
        more -= 0.1 * (sign.kind == "cue" or (sign.kind == "affirmation" and not part.dated))
        return (round(sign.weight + more, 3), -sign.at)


def read(said: Said) -> ParsedStatement:
    """The rules' reading of one statement."""
    text, reported = said.text[:MOST], said.kind != "direct"
    if said.role is None and not said.cue and not reported:
        text, reported = _own(text)
    attribution = Attribution(said.role, reported, fold_quotes(said.cue).lower(), said.kind)
    parts = sentences(text, said.published, not reported)
    blocked = words().has("blocked_cues", attribution.cue)
    found = [] if blocked else signs(parts, attribution)
    return ParsedStatement(tuple(parts), tuple(found), recall(said))


def _own(text: str) -> tuple[str, bool]:
    """Own words that quote or report one of the same side: what was said, and whether it is reported.

    What stands before them is blanked, so that offsets hold.
    """
    flat, lexicon = fold_quotes(text), words()
    if match := lexicon.found["own_report"].search(flat):
        return " " * match.end() + text[match.end() :], True
    if match := lexicon.found["own_quote"].search(flat):
        return " " + text[1 : match.end("words")] + " " * (len(text) - match.end("words")), False
    return text, False


def recall(said: Said) -> str:
    """The words that show that the reporter looks back at an old statement, "" when nothing does."""
    around = _around(said)
    lexicon = words()
    cue = fold_quotes(said.cue).lower().split()
    for match in lexicon.found["recalls"].finditer(around):
        verb = match[0].split()[-1]
        if not match[0].startswith(("had ", "having ", "which ", "who ", "that ")) or verb in cue:
            return match[0]
    month = re.search(rf"\b(?:in|since|from) ({either(months())})\b", around)
    if month and said.published and months()[month[1]] != said.published.month:
        return month[0]
    return ""


def _around(said: Said) -> str:
    """What stands beside the words in their sentence (its own clause only, after them), lower-cased."""
    context = fold_quotes(said.context)
    start = end = -1
    between = []
    for piece in fold_quotes(said.text).split(JOIN):
        at = context.find(piece, max(0, end))
        if at < 0:
            return ""
        if start < 0:
            start = at
        else:
            between.append(context[end:at])
        end = at + len(piece)
    left, after = max(0, start - 400), context[end : end + 300]
    begins = max((stop for _, stop in sentence_breaks(context, left, end) if stop <= start), default=left)
    before = context[begins:start]
    stop = _APART.search(after)
    return " ".join((before, *between, after[: stop.start()] if stop else after)).lower()
