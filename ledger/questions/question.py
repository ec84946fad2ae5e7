"""What a plain question means: who, where, about what, promised for when ("mayor buses", "Exby potholes by
March").

Names, offices and roles go by `ledger.names`, those after a field (speaker:, area:) too. What was understood
is told part by part, each with the question as it is typed without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ledger.days import day
from ledger.names.known import KnownNames
from ledger.names.match import WHO, NameKind, NameMeaning, find_names
from ledger.presentation.labels import flag_name, role_name
from ledger.questions.due_words import PromisedFor
from ledger.questions.question_words import WordRun, by, mended, runs_of
from ledger.questions.word_terms import WordTerms
from ledger.search import query_syntax
from ledger.search.query_syntax import Query
from ledger.types import UNOWNED

_FIELD_KINDS: dict[str, tuple[NameKind, ...]] = {
    "speaker": WHO,
    "area": ("place", "body"),
    "outlet": ("outlet",),
}
_WHO_FIRST: tuple[NameKind, ...] = ("official", "role", "body")
_MARKS = "?!.,;:()…"  # around a word of a sentence
_PART_NAMES = {"official": "", "role": "", "body": "", "place": "place", "outlet": "outlet"}


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A part of a question as it was understood; ``without``: the question as typed without it."""

    name: str  # "" of whom it asks
    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood.

    ``query`` is what is sought, ``plain`` the same with names taken as plain words; ``unsure``: a name among
    them may as well be a plain word. ``notes``: what was read otherwise than typed, in sentences; ``near``:
    names that a field may have meant, where it means nothing. ``due`` and ``flag`` narrow its pledges.
    ``typed``: the words and phrases as typed, where nothing else was.
    """

    query: Query
    plain: Query
    parts: tuple[QuestionPart, ...] = ()
    due: PromisedFor | None = None
    flag: str = ""
    unsure: bool = False
    notes: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """True where words that were typed were taken for a name."""
        return self.query.words != self.plain.words

    @property
    def seeks(self) -> bool:
        """True where statements are sought, not pledges alone of a date or with a mark."""
        return not (self.due or self.flag) or self.query != Query(open_mark=self.query.open_mark)

    @property
    def told(self) -> str:
        """What was understood, in one line: "Mayor of Exby · about: buses"."""
        return " · ".join(f"{part.name}: {part.label}" if part.name else part.label for part in self.parts)


def understand(
    text: str, known: KnownNames, terms: WordTerms, plainly: bool = False, **given: str
) -> Question:
    """A question as it is meant. Raises WrongUse as `query_syntax.parse` does.

    ``given``: fields beside those within it; ``plainly``: no word is taken for a name.
    """
    asked = query_syntax.parse(text)
    asked = replace(asked, words=tuple(word.strip(_MARKS) or word for word in asked.words))
    fields, parts, notes, near = _fields(asked, given, known)
    if asked.open_mark:
        what = f"“{asked.phrases[-1]}”" if asked.phrases else "what follows it"
        notes.insert(0, f"A quotation mark is left open: {what} is sought word for word.")
    words, slips = (list(asked.words), []) if plainly else mended(asked.words, known, terms)
    notes += [f"“{typed}” was read as “{read}”." for typed, read in slips]
    runs = [WordRun("about", (word,)) for word in words]
    if not plainly:
        runs = _one_speaker(runs_of(words, known, terms))
    nothing_else = fields == Query() and not (asked.phrases or asked.without)
    if nothing_else and all(run.kind == "dropped" for run in runs):
        runs = [replace(run, kind="about") for run in runs]
    base = replace(fields, phrases=asked.phrases, without=asked.without, open_mark=asked.open_mark)
    query = replace(base, words=_words(runs, "about"))
    for run in runs:
        if run.meant:
            query = by(query, run.meant)
    return Question(
        query,
        replace(base, words=_words(runs, "about", "name")),
        (*_run_parts(asked, runs), *_other_parts(asked), *parts),
        due=next((run.due for run in runs if run.due), None),
        flag=next((run.flag for run in runs if run.flag), ""),
        unsure=any(run.meant and not run.meant.sure for run in runs),
        notes=tuple(notes),
        near=near,
        typed=(*asked.words, *asked.phrases) if fields == Query() and not asked.without else (),
    )


def _fields(
    asked: Query, given: dict[str, str], known: KnownNames
) -> tuple[Query, list[QuestionPart], list[str], tuple[str, ...]]:
    """The fields typed and given as they are meant; what that is, part by part; what was read otherwise than
    typed; names that are near one that means nothing."""
    typed = {name: str(getattr(asked, name) or "") for name in _FIELD_KINDS}
    bare = query_syntax.cleared(asked, "words", "phrases", "without", "open_mark", *typed)
    query = query_syntax.narrow(
        bare, **{name: value for name, value in given.items() if name not in _FIELD_KINDS}
    )
    parts, notes = list(_field_parts(query, asked, known)), list[str]()
    near: tuple[str, ...] = ()
    for name, kinds in _FIELD_KINDS.items():
        value = given.get(name) or typed[name]
        if not value:
            continue
        without = query_syntax.written(query_syntax.cleared(asked, name))
        if name == "speaker" and value.lower() == UNOWNED:
            query = replace(query, speaker=UNOWNED)
            parts.append(QuestionPart("speaker", "not known", without))
            continue
        found = find_names(known, value, kinds)
        if not found.meant:
            near += found.near
            query = query_syntax.narrow(query, **{name: value})
        for meant in found.meant:
            notes += [f"“{word}” was read as “{read}”." for word, read in meant.slips]
            query = _within(query, meant) if name == "area" else by(query, meant)
        label = found.meant[0].label if found.meant else value
        parts.append(QuestionPart(name, label, without))
    return query, parts, notes, near


def _within(query: Query, meant: NameMeaning) -> Query:
    """An area is strict: what only speaks of it is not in it."""
    return replace(query, areas=(*query.areas, *meant.keys))


def _one_speaker(runs: list[WordRun]) -> list[WordRun]:
    """Of several who are named, one speaks: officials before roles before bodies, the first of several roles.

    Other bodies are taken for places, for they may be what is spoken of; other roles for plain words.
    """
    kinds = [run.meant.kind for run in runs if run.meant]
    who = next((kind for kind in _WHO_FIRST if kind in kinds), None)
    found, taken = [], False
    for run in runs:
        kind = run.meant.kind if run.meant else None
        if kind in _WHO_FIRST and run.meant and (kind != who or (kind == "role" and taken)):
            if kind == "body" and len(run.meant.keys) == 1:
                run = replace(run, meant=replace(run.meant, kind="place"))
            else:
                run = replace(run, kind="about", meant=None)
        taken |= kind == who
        found.append(run)
    return found


def _words(runs: Sequence[WordRun], *kinds: str) -> tuple[str, ...]:
    return tuple(word for run in runs if run.kind in kinds for word in run.words)


def _run_parts(asked: Query, runs: Sequence[WordRun]) -> Iterator[QuestionPart]:
    """Whom and what the words name, what they are about, for when."""

    def without(gone: Sequence[WordRun]) -> str:
        kept = [run for run in runs if run.kind != "dropped" and not any(run is one for one in gone)]
        return query_syntax.written(replace(asked, words=tuple(word for run in kept for word in run.words)))

    for run in runs:
        if run.meant:
            yield QuestionPart(_PART_NAMES[run.meant.kind], run.meant.label, without([run]))
    if about := [run for run in runs if run.kind == "about"]:
        yield QuestionPart("about", " ".join(_words(about, "about")), without(about))
    for run in runs:
        if run.due:
            yield QuestionPart("promised for", " ".join(run.words), without([run]))
        if run.flag:
            yield QuestionPart("marked", flag_name(run.flag), without([run]))


def _other_parts(asked: Query) -> Iterator[QuestionPart]:
    for n, phrase in enumerate(asked.phrases):
        kept = asked.phrases[:n] + asked.phrases[n + 1 :]
        yield QuestionPart("word for word", f"“{phrase}”", query_syntax.written(replace(asked, phrases=kept)))
    for n, said in enumerate(asked.without):
        kept = asked.without[:n] + asked.without[n + 1 :]
        yield QuestionPart("without", said, query_syntax.written(replace(asked, without=kept)))


def _field_parts(query: Query, asked: Query, known: KnownNames) -> Iterator[QuestionPart]:
    labels = {
        "official": known.people.get(query.official, query.official),
        "role": role_name(query.role) if query.role else "",
        "after": day(query.after) if query.after else "",
        "before": day(query.before) if query.before else "",
        "added": day(query.added) if query.added else "",
        "commitment": {True: "yes", False: "no", None: ""}[query.commitment],
    }
    for name, label in labels.items():
        if label:
            yield QuestionPart(name, label, query_syntax.written(query_syntax.cleared(asked, name)))
