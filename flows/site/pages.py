"""The pages of the exported site, as text: templates, and what they are filled with.

Everything that a template puts out is made plain and escaped; only `said`, `letters` and `quoted` give
HTML, and each of them escapes what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path

import jinja2
from markupsafe import Markup

from ledger import vocabulary
from ledger.days import LONDON, day
from ledger.presentation import labels
from ledger.presentation.links import web_link
from ledger.presentation.passages import Passage, words_alone
from ledger.queries.pledge_page import PledgePage, Shown, Stated
from ledger.types import UNOWNED

GENERATOR = "Said & Done"  # by which a site of ours is known again
_SIDES = {"for": "For", "against": "Against", "neither": "Reported again without news"}


def pledge_page(page: PledgePage, today: date) -> Iterator[str]:
    """One pledge, piece by piece."""
    stated = [time for time in page.stated if not time.is_rejected]
    about = {time.id: "a statement" for time in page.stated if time.id != page.pledge.id}
    about |= {time.statement_id: "a statement" for time in page.stated}
    about |= {report.id: "a report" for report in page.shown}
    about |= {e.decision.subject: "a passage" for e in page.journal if e.decision.kind in ("take", "strike")}
    deadline_words = (s.deadline_text for s in stated if s.deadline_last == page.pledge.deadline)
    return template("pledge").generate(
        **common(today, "pledge", "../"),
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


def about_page(today: date, rule: str) -> Iterator[str]:
    """How the site is made; ``rule``: by what the headline pledges were chosen, in words."""
    return template("about").generate(**common(today, "about.html"), rule=rule)


def style_sheet() -> str:
    """The style sheet of all pages, with the statuses' colours."""
    marks = (f".s-{row.name} {{ --mark: {row.colour}; }}\n" for row in vocabulary.statuses().values())
    style = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    return style + "\n" + "".join(marks)


def common(today: date, name: str, root: str = "", current: str = "page") -> dict[str, object]:
    """What every page is filled with: its day, the way to the site's first folder, and where it stands."""

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
    of_pledges = (labels.owner_name, labels.when_due)
    of_tables = (labels.role_name, labels.stance_name, labels.status_name, labels.type_name)
    environment.filters |= {
        filter.__name__: filter for filter in (*in_words, *of_pledges, *of_tables, web_link)
    }
    environment.filters |= {"iso": _iso, "letters": _letters, "quoted": _quoted, "said": _said}
    environment.globals |= {"LEFT_OUT": labels.LEFT_OUT, "UNOWNED": UNOWNED, "vocabulary": vocabulary}
    environment.globals |= {"WHAT_THIS_IS": labels.WHAT_THIS_IS, "OUTCOME": labels.OUTCOME}
    environment.globals |= {"generator": GENERATOR}
    return environment


def template(name: str) -> jinja2.Template:
    """One of the folder ``templates``."""
    return _environment().get_template(f"{name}.html.jinja")
