"""A plain question answered: the pledges that fit best, then the statements; by meaning where no words fit.

Raises WrongUse, as all of search does, where nothing is indexed yet or a day or role cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ledger.decisions import published
from ledger.names.known import known_names
from ledger.queries import pledge_list
from ledger.queries.pledge_list import PledgeRow
from ledger.questions.question import Question, understand
from ledger.questions.synonyms import widened
from ledger.questions.word_terms import WordTerms
from ledger.search import statement_search
from ledger.search.statement_search import Order, Results
from ledger.settings import Settings
from ledger.storage.warehouse import column

Encode = Callable[[Sequence[str]], NDArray[np.float32]]  # texts to (n, 384) vectors of length 1

MOST_PLEDGES = 5
_LOOKED_THROUGH = 60  # statements that fit best, whose pledges are ranked
_ENOUGH = 3  # pledges that words find, from which on none is looked for by meaning
_NEAR = 0.4  # cosine from which a statement's pledge is shown for what it means
_MANY = 2_000  # the same where only those for a date are wanted
_WHOSE = ("", "speaker", "place", "area", "role")


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """What is found. ``pledges`` by the words, ``near`` by meaning; ``by_meaning``: so are the statements.

    ``notes``: what was read or done otherwise than typed; ``advice``: what to try, where nothing is found.
    """

    question: Question
    pledges: tuple[PledgeRow, ...]
    near: tuple[PledgeRow, ...]
    statements: Results
    by_meaning: bool
    notes: tuple[str, ...]
    advice: str = ""


def read_question(settings: Settings, /, text: str, plainly: bool = False, **given: str) -> Question:
    """A question as it is understood; see `question.understand`."""
    index, known = statement_search.opened(settings), known_names(settings)
    with published.reading(settings) as connection:
        return understand(text, known, WordTerms(index, connection), plainly, **given)


def answer(
    settings: Settings,
    text: str,
    encode: Encode,
    *,
    order: Order = "relevance",
    limit: int = 20,
    offset: int = 0,
    plainly: bool = False,
    by_meaning: bool = False,
    **given: str,
) -> QuestionAnswer:
    """What fits a question; ``encode`` is asked only where words find little.

    ``by_meaning``: of the statements at once those nearest in meaning; ``given``: fields beside those in the
    text; ``plainly``: no word is taken for a name.
    """
    question, notes = read_question(settings, text, plainly, **given), []
    vector = cache(lambda words: encode([" ".join(words)])[0])
    found = Results(0, (), question.query)
    if not by_meaning and question.seeks:
        for attempt, note in _attempts(settings, question, text, plainly, given):
            found = statement_search.fitting(settings, attempt.query, order=order, limit=limit, offset=offset)
            if found.total:
                question, notes = attempt, [note] if note else []
                break
    words = (*question.query.words, *question.query.phrases) or question.plain.words
    meant = not found.total and question.seeks and bool(words)
    if meant:
        found, note = _alike(settings, question, vector(words), limit, offset)
        notes += [note] if found.total and not by_meaning else []
    pledges, near = ((), ()) if offset else _pledges(settings, question, lambda: vector(words), notes)
    advice = "" if found.total or pledges or near else _advice(question)
    return QuestionAnswer(question, pledges, near, found, meant, (*question.notes, *notes), advice)


def _attempts(
    settings: Settings, question: Question, text: str, plainly: bool, given: dict[str, str]
) -> Iterator[tuple[Question, str]]:
    """The question, and what is tried after it where it finds no statement, each with what is told then."""
    yield question, ""
    if wide := widened(question.query):
        instead = ", ".join(dict.fromkeys(said for some in wide.either for said in some))
        yield replace(question, query=wide), f"{_whose(question)} has these words; sought instead: {instead}."
    if question.unsure:
        plain = read_question(settings, text, plainly=True, **given)
        yield plain, f"{_whose(question)} has these words; they are sought whoever speaks."


def fitting_ids(settings: Settings, question: Question) -> list[str]:
    """The ids of all pledges that fit by words, with the date and the mark that are asked for, after those
    named."""
    named, fits = _named(settings, question), pledges_of(settings, question)
    if question.due or question.flag:
        fits = [row.id for row in _rows(settings, fits) if _wanted(question, row)]
    return list(dict.fromkeys((*named, *fits)))


def pledges_of(settings: Settings, question: Question, most: int = 10_000) -> list[str]:
    """The ids of the pledges made in the statements that fit best, the best first."""
    if question.query.commitment is False:
        return []
    asked = replace(question.query, commitment=True, in_titles=True)
    return _pledge_ids(settings, [key for key, _ in statement_search.find(settings, asked, most)[1]])


def _named(settings: Settings, question: Question) -> list[str]:
    """The ids of the pledges in whose title and owner all stands that was typed, whatever it may mean beside:
    "by 2030" in a title, too."""
    if not question.typed:
        return []
    with published.reading(settings) as connection:
        return [str(key) for key in column(connection, _TITLED, [list(question.typed)])]


def _alike(
    settings: Settings, question: Question, vector: NDArray[np.float32], limit: int, offset: int
) -> tuple[Results, str]:
    """The statements nearest in meaning by whom the question names; by anybody, where none of these is
    near."""
    note = "No statement has these words; these are nearest in meaning."
    if question.named:
        found = statement_search.alike(
            settings, vector, question.query, limit=limit, offset=offset, least=_NEAR
        )
        if found.total:
            return found, f"{_whose(question)} has these words; these are nearest in meaning."
        note = f"{_whose(question)} has these words or comes near; these of others are nearest in meaning."
    return statement_search.alike(settings, vector, question.plain, limit=limit, offset=offset), note


def _whose(question: Question) -> str:
    who = ", ".join(part.label for part in question.parts if part.name in _WHOSE)
    return f"No statement of {who}" if who else "No statement"


def _pledges(
    settings: Settings, question: Question, vector: Callable[[], NDArray[np.float32]], notes: list[str]
) -> tuple[tuple[PledgeRow, ...], tuple[PledgeRow, ...]]:
    """The pledges that fit by words, and where these are few those nearest in meaning."""
    named = _rows(settings, _named(settings, question))
    fits = [*named, *(row for row in _fitting(settings, question) if row not in named)]
    if not question.due and not question.flag:
        near = _nearby(settings, question, vector, fits)
        return tuple(fits[:MOST_PLEDGES]), tuple(near)
    wanted = [row for row in fits if row in named or _wanted(question, row)]
    if fits and not wanted:
        notes.append("None of these pledges has the date or the mark asked for.")
    return tuple((wanted or fits)[:MOST_PLEDGES]), ()


def _wanted(question: Question, row: PledgeRow) -> bool:
    """True where a pledge has the date and the mark asked for."""
    dated = not question.due or question.due.holds(row.first_due, row.deadline)
    return dated and (not question.flag or question.flag in row.flags)


def _fitting(settings: Settings, question: Question) -> list[PledgeRow]:
    """The pledges that fit by words: first those that hold most of them, then those with a date."""
    most = _MANY if question.due or question.flag else _LOOKED_THROUGH
    fits = _rows(settings, pledges_of(settings, question, most))
    matcher = statement_search.matcher_of(question.query)
    return sorted(fits, key=lambda row: (-matcher.held(f"{row.title} {row.words}"), row.deadline is None))


def _nearby(
    settings: Settings, question: Question, vector: Callable[[], NDArray[np.float32]], fits: list[PledgeRow]
) -> list[PledgeRow]:
    """Where few fit, pledges with words that mean the same, then those whose statements are nearest in
    meaning."""
    asked, near = question.query, list[PledgeRow]()
    if len(fits) >= _ENOUGH or asked.commitment is False:
        return near
    if wide := widened(asked):
        near = [row for row in _fitting(settings, replace(question, query=wide)) if row not in fits]
    if len(fits) + len(near) < _ENOUGH and (asked.words or asked.either):
        hits = statement_search.find_alike(settings, vector(), replace(asked, commitment=True), _NEAR)
        ids = _pledge_ids(settings, [key for key, _ in hits[:_LOOKED_THROUGH]])
        near += [row for row in _rows(settings, ids) if row not in (*fits, *near)]
    return near[: MOST_PLEDGES - len(fits)]


def _pledge_ids(settings: Settings, statements: list[str]) -> list[str]:
    """The pledges made in these statements, in their order."""
    with published.reading(settings) as connection:
        connection.execute("SET VARIABLE asked = ?::VARCHAR[]", [statements])
        made: dict[str, list[str]] = {}
        for statement, pledge in connection.execute(_MADE).fetchall():
            made.setdefault(statement, []).append(pledge)
    return list(dict.fromkeys(pledge for key in statements for pledge in made.get(key, ())))


def _rows(settings: Settings, ids: list[str]) -> list[PledgeRow]:
    with published.reading(settings) as connection:
        listed = "SELECT * FROM pledge_view WHERE list_contains(?, id)"
        found = {row.id: row for row in pledge_list.rows(connection, PledgeRow, listed, [ids])}
    return [found[key] for key in ids if key in found]


def _advice(question: Question) -> str:
    """What to try where nothing is found."""
    if question.near:
        return f"Did you mean {_either(question.near)}?"
    if question.query.phrases:
        return "A phrase must stand word for word: try the words without quotation marks."
    if len(question.parts) > 1:
        return "Try it with fewer words, or take a part of it back."
    return "Try another word for it, a name, an office or a place."


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


_MADE = """SELECT c.statement_id, place.pledge_id FROM asked_key
JOIN w.commitment_said c ON c.statement_id = asked_key.id
JOIN place_view place ON place.commitment_id = c.commitment_id
JOIN w.commitments g ON g.id = c.commitment_id
WHERE c.commitment_id NOT IN (FROM rejected) ORDER BY g.span, g.id"""

_WORDS = r"regexp_extract_all({}, '[\p{{L}}\p{{N}}]+')"
_FOLDED = "strip_accents(lower({}))"
# First what has the letters anywhere, which is quick, and of that what has them as words.
_TITLED = f"""WITH asked AS (
    SELECT {_WORDS.format(_FOLDED.format("array_to_string(?::VARCHAR[], ' ')"))} AS words),
near AS MATERIALIZED (
    SELECT id, deadline, folded, words FROM asked, (
        SELECT id, deadline, {_FOLDED.format("concat_ws(' ', owner, person, body, title)")} AS folded
        FROM pledge_view)
    WHERE list_bool_and([contains(folded, word) for word in words]))
SELECT id FROM near WHERE list_has_all({_WORDS.format("folded")}, words)
ORDER BY deadline NULLS LAST, id"""
