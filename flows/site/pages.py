"""The pages of the exported site, as text: templates, and what they are filled with.

Everything that a template puts out is made plain and escaped; only `said`, `letters` and `quoted` give
HTML, and each of them escapes what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import accumulate, groupby
from pathlib import Path

import jinja2
from markupsafe import Markup

from flows.site.feeds import CALENDAR, FOLDER
from ledger import vocabulary
from ledger.days import LONDON, day
from ledger.outputs.feed_rows import LISTS
from ledger.outputs.site_rows import SiteReader
from ledger.presentation import labels
from ledger.presentation.links import web_link
from ledger.presentation.passages import Passage, words_alone
from ledger.queries.pledge_page import PledgePage, Shown, Stated
from ledger.types import UNOWNED

GENERATOR = "Said & Done"  # by which a site of ours is known again
_PART_NAMES = {
    "overdue": labels.flag_name("overdue"),
    "ahead": "Still ahead",
    "passed": "Date passed, no longer open",
    "undated": "No date given",
}
_SIDES = {"for": "For", "against": "Against", "neither": "Reported again without news"}


def places(total: int, length: int) -> range:
    """The numbers of the pages that a list of so many takes, at least one."""
    return range(1, max(1, -(-total // length)) + 1)


def list_name(status: str, place: int = 1) -> str:
    """The file of one page of the list of all pledges, or of those with one status."""
    return (f"status-{status}" if status else "index") + (f"-{place}" if place > 1 else "") + ".html"


def list_page(reader: SiteReader, today: date, status: str, place: int, length: int) -> Iterator[str]:
    """One page of the list of all pledges, or of those with one status, piece by piece."""
    (total, by_people), counts = reader.numbers(status), reader.parts(status)
    numbers = reader.statuses()
    begins = dict(zip(counts, accumulate(counts.values(), initial=0), strict=False))
    last = places(total, length)[-1]
    on_page = groupby(reader.listed((place - 1) * length + 1, length, status), key=lambda row: row.part)
    beside = [("Previous page", place - 1, "prev"), ("Next page", place + 1, "next")]
    return _template("index").generate(
        **_common(today, list_name(status), current="page" if place == 1 else "true"),
        heading="Pledges" if not status else f"Pledges: {labels.status_name(status).lower()}",
        status=status,
        statuses=[(row.name, numbers[row.name]) for row in vocabulary.statuses().ordered(numbers)],
        total=total,
        by_people=by_people,
        # each part with its number and where it begins; those on this page with their rows
        jumps=[
            (part, _PART_NAMES[part], number, list_name(status, begins[part] // length + 1))
            for part, number in counts.items()
        ],
        parts=[
            (part, _PART_NAMES[part], counts[part], begins[part] < (place - 1) * length, list(some))
            for part, some in on_page
        ],
        place=place,
        last=last,
        turns=[(words, list_name(status, to), relation) for words, to, relation in beside if 1 <= to <= last],
    )


def pledge_page(page: PledgePage, today: date) -> Iterator[str]:
    """One pledge, piece by piece."""
    stated = [time for time in page.stated if not time.is_rejected]
    about = {time.id: "a statement" for time in page.stated if time.id != page.pledge.id}
    about |= {time.statement_id: "a statement" for time in page.stated}
    about |= {report.id: "a report" for report in page.shown}
    about |= {e.decision.subject: "a passage" for e in page.journal if e.decision.kind in ("take", "strike")}
    deadline_words = (s.deadline_text for s in stated if s.deadline_last == page.pledge.deadline)
    return _template("pledge").generate(
        **_common(today, "pledge", "../"),
        page=page,
        due=labels.when_due(page.pledge.deadline, today, page.pledge.first_due),
        first=stated[0] if stated else None,
        said_first=words_alone(stated[0].words, stated[0].clause) if stated else None,
        stated=stated,
        about=about,
        measures=list(dict.fromkeys(_number(time) for time in stated if time.measure_text)),
        places=list(dict.fromkeys(time.place for time in stated if time.place)),
        deadline_words=next(filter(None, deadline_words), ""),
        basis=_basis(page),
        replies=[
            entry.decision
            for entry in reversed(page.journal)
            if entry.decision.kind == "reply" and not entry.undone
        ],
        sides=list(_sides([report for report in page.shown if not report.is_rejected])),
    )


def about_page(today: date) -> Iterator[str]:
    return _template("about").generate(**_common(today, "about.html"))


def feeds_page(today: date, named: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What can be followed. ``named``: people and bodies with the files of their feeds."""
    lists = [(one.title, f"{FOLDER}/{name}.atom") for name, one in LISTS.items()]
    return _template("feeds").generate(
        **_common(today, "feeds.html"), calendar=CALENDAR, lists=lists, named=list(named)
    )


def style_sheet() -> str:
    """The style sheet of all pages, with the statuses' colours."""
    marks = (f".s-{row.name} {{ --mark: {row.colour}; }}\n" for row in vocabulary.statuses().values())
    style = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    return style + "\n" + "".join(marks)


def _common(today: date, name: str, root: str = "", current: str = "page") -> dict[str, object]:
    def here(page: str) -> Markup:
        return Markup(' aria-current="{}"').format(current) if page == name else Markup("")

    return {"today": today, "root": root, "here": here}


@dataclass(frozen=True, slots=True)
class Basis:
    """What the status that a person set rests on: reports, how many more are no longer held, a link or "".

    The reports are those of one article each, with a link to its passages.
    """

    reports: tuple[tuple[str, Shown], ...] = ()
    gone: int = 0
    link: str = ""


def _basis(page: PledgePage) -> Basis:
    """Of the decision that stands: the journal of a page has the newest first."""
    for entry in page.journal:
        if entry.decision.kind == "set_status" and not entry.undone:
            value = entry.decision.value
            named = value.get("evidence")
            ticked = set(map(str, named)) if isinstance(named, list) else set()
            by_article: dict[str, list[Shown]] = {}
            for report in page.shown:
                if report.id in ticked:
                    by_article.setdefault(report.article_id, []).append(report)
            reports = tuple((_link_to_all(group), group[0]) for group in by_article.values())
            gone = len(ticked - {report.id for report in page.shown})
            return Basis(reports, gone, web_link(str(value.get("link") or "")))
    return Basis()


def _number(stated: Stated) -> str:
    """The number as it was said, and what it is counted from."""
    counted = stated.measure_baseline
    return (stated.measure_text or "") + (f" (counted from {counted:,.10g})" if counted is not None else "")


def _sides(shown: Sequence[Shown]) -> Iterator[tuple[str, int, list[tuple[str, list[Shown]]]]]:
    """What speaks for and against, newest first; what one article says to the same effect stands together.

    Each group comes with a link that opens the article at all of its passages.
    """
    for side, name in _SIDES.items():
        some = [one for one in shown if labels.sign(one.stance) == side]
        if some:
            groups = [list(group)[::-1] for _, group in groupby(reversed(some), key=_same_effect)]
            yield name, len(some), [(_link_to_all(group), group) for group in groups]


def _same_effect(report: Shown) -> tuple[object, ...]:
    return report.article_id, report.stance, report.by_owner, report.source


def _link_to_all(group: Sequence[Shown]) -> str:
    first, *others = dict.fromkeys(report.link for report in group)
    return "&".join([first, *(link.partition(":~:")[2] for link in others if ":~:" in link)])


def _letters(text: object) -> Markup:
    """Any text as HTML that shows it letter by letter, its lines as lines."""
    lines = labels.plain(text).split("\n")
    return Markup("<br>").join(Markup("<wbr>").join(labels.breakable(line)) for line in lines)


def _said(text: object, most: int = 300) -> Markup:
    """A name, title or reason from outside, its direction its own; cut after ``most`` characters."""
    return Markup("<bdi>{}</bdi>").format(_letters(labels.cut(text, most)))


def _quoted(passage: Passage) -> Markup:
    """The quotation marked, and of it what matters."""
    pieces: Iterable[tuple[str, tuple[bool, ...]]] = labels.layered(
        passage.text, passage.marks, passage.focus
    )
    found = []
    for words, (marked, matters) in pieces:
        piece = Markup("<strong>{}</strong>").format(_letters(words)) if matters else _letters(words)
        found.append(Markup("<mark>{}</mark>").format(piece) if marked else piece)
    return Markup("").join(found)


def _finalize(value: object) -> object:
    return labels.plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _iso(value: date | datetime) -> str:
    local = value.astimezone(LONDON) if isinstance(value, datetime) and value.tzinfo else value
    return f"{local:%Y-%m-%d}"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    in_words = (labels.capital, labels.cut, day, labels.decided, labels.flag_name, labels.number)
    of_tables = (labels.role_name, labels.stance_name, labels.status_name, labels.type_name)
    environment.filters |= {filter.__name__: filter for filter in (*in_words, *of_tables, web_link)}
    environment.filters |= {"iso": _iso, "letters": _letters, "quoted": _quoted, "said": _said}
    environment.globals |= {"LEFT_OUT": labels.LEFT_OUT, "UNOWNED": UNOWNED, "vocabulary": vocabulary}
    environment.globals |= {"generator": GENERATOR, "list_name": list_name}
    return environment


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(f"{name}.html.jinja")
