"""The pages of the exported site, as text: templates, and what they are filled with.

Everything that a template puts out is made plain and escaped; only `said`, `letters` and `quoted` give
HTML, and each of them escapes what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from flows.site.feeds import CALENDAR, FOLDER
from ledger import vocabulary
from ledger.days import LONDON, day
from ledger.outputs.feed_rows import LISTS
from ledger.outputs.quality.accuracy import Accuracy
from ledger.outputs.story import PledgeStory
from ledger.presentation import labels
from ledger.presentation.links import web_link
from ledger.presentation.passages import Passage
from ledger.types import UNOWNED

GENERATOR = "Said & Done"  # by which a site of ours is known again
POLICY = "default-src 'none'; style-src 'self'; img-src 'none'; base-uri 'none'; form-action 'none'"
HEADERS = "_headers"  # the file from which static hosts read what they are to send with every page
_SENT = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def pledge_page(told: PledgeStory) -> Iterator[str]:
    """One pledge, piece by piece."""
    page = told.page
    about = {time.id: "a statement" for time in page.stated if time.id != page.pledge.id}
    about |= {time.statement_id: "a statement" for time in page.stated}
    about |= {report.id: "a report" for report in page.shown}
    about |= {e.decision.subject: "a passage" for e in page.journal if e.decision.kind in ("take", "strike")}
    return template("pledge").generate(
        **common(told.today, "pledge", "../"),
        told=told,
        page=page,
        about=about,
        picture=Markup(told.picture.svg if told.picture else ""),  # of numbers and days alone
    )


def about_page(today: date, rule: str) -> Iterator[str]:
    """How the site is made; ``rule``: by what the headline pledges were chosen, in words."""
    return template("about").generate(**common(today, "about.html"), rule=rule)


def accuracy_page(today: date, told: Accuracy) -> Iterator[str]:
    """How accurate what stands here is."""
    return template("accuracy").generate(**common(today, "accuracy.html"), told=told)


def feeds_page(today: date, named: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What can be followed. ``named``: people and bodies with the files of their feeds."""
    lists = [(one.title, f"{FOLDER}/{name}.atom") for name, one in LISTS.items()]
    return template("feeds").generate(
        **common(today, "feeds.html"), calendar=CALENDAR, lists=lists, named=list(named)
    )


def headers_file() -> str:
    """What a web host is to send with every page, in the form that static hosts read: a page's own head can
    forbid neither frames nor guessing at types."""
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in _SENT.items())


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
    of_tables = (labels.own_word, labels.role_name, labels.stance_name, labels.status_name, labels.type_name)
    environment.filters |= {
        filter.__name__: filter for filter in (*in_words, *of_pledges, *of_tables, web_link)
    }
    environment.filters |= {"iso": _iso, "letters": _letters, "quoted": _quoted, "said": _said}
    environment.filters["picture"] = Markup  # of numbers and fixed words alone
    environment.globals |= {
        "COUNTED": labels.COUNTED,
        "LEFT_OUT": labels.LEFT_OUT,
        "MEANT": labels.MEANT,
        "UNOWNED": UNOWNED,
        "vocabulary": vocabulary,
    }
    environment.globals |= {"WHAT_THIS_IS": labels.WHAT_THIS_IS, "OUTCOME": labels.OUTCOME}
    environment.globals |= {"generator": GENERATOR, "policy": POLICY}
    return environment


def template(name: str) -> jinja2.Template:
    """One of the folder ``templates``."""
    return _environment().get_template(f"{name}.html.jinja")
