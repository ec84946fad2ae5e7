"""Of articles that reserve their rights nothing leaves but what stands in quotation marks, anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from flows.digest.make import make_digest
from flows.digest.render.registry import FORMATS
from flows.export import export
from flows.site.build import export_site
from ledger.decisions import effects, published, reckoning
from ledger.outputs import site_rows, totals
from ledger.outputs.citations import citations
from ledger.presentation.labels import LEFT_OUT
from ledger.presentation.passages import within_marks
from ledger.presentation.tabular import as_bytes
from ledger.queries import (
    coverage_page,
    official_page,
    pledge_list,
    pledge_page,
    review_lists,
    statement_card,
)
from ledger.search import statement_search
from ledger.search.statement_search import Hit
from ledger.settings import Settings
from ledger.storage import warehouse
from tests.reading_home import copy_home
from tests.visits import opened

pytestmark = pytest.mark.slow

LONG = 5  # words in a row that tell whose sentence it is


@pytest.mark.parametrize(
    ("text", "content", "given"),
    [
        ("she would “act soon” and pay", "would “act soon” and", ["“act soon”"]),
        (
            "she would “act soon”, or “at once”.",
            "would “act soon”, or “at once”",
            ["“act soon”", "“at once”"],
        ),
        ("it was “a wreck” then", "a wreck", ["“a wreck”"]),  # the marks just outside come along
        ("it was “a total wreck” then", "total wreck” then", ["total wreck”"]),
        ('they "act" now', 'they "act" now', ['"act"']),
        ('they "act now', 'they "act now', []),
        ('said "we act" and "we', 'we act" and "we', []),
        ("they would act", "they would act", []),
        ("they “open\n\nthe door” soon", "they “open\n\nthe door” soon", []),
        ("“first” one\n\nand “second” one", "“first” one\n\nand “second” one", ["“first”", "“second”"]),
        ("marks of nothing “ – ”", "nothing “ – ”", []),
    ],
)
def test_what_stands_within_marks(text: str, content: str, given: list[str]) -> None:
    start = text.index(content)
    assert [text[s:e] for s, e in within_marks(text, [(start, start + len(content))])] == given


@pytest.fixture(scope="module")
def kept(gold_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose articles are all reserved; undertakings, titles and reasons are in their words."""
    home = copy_home(gold_home, tmp_path_factory.mktemp("kept"))
    with warehouse.run(home) as connection:
        connection.execute(
            """UPDATE articles SET paywalled = true;
            UPDATE commitments c SET action = left(s.words, 60), condition = left(s.words, 50),
                deadline_text = left(s.words, 40), measure_text = left(s.words, 45),
                place = left(s.words, 48),
                why = 'first person will + “' || left(s.words, 55) || '”; deadline'
            FROM statements s WHERE s.id = c.statement_id"""
        )
        effects.take_in(connection, home)
        reckoning.keep(connection, home.today, "kept")
        connection.execute(
            """UPDATE pledge_commitments pc
            SET changed = 'the sense: “' || c.action || '” → “' || c.action || '”'
            FROM commitments c WHERE c.id = pc.commitment_id AND pc.position > 0;
            UPDATE evidence SET why = 'shares bus with the pledge; “' || words || '”'"""
        )
    warehouse.publish(home)
    statement_search.update(home)
    return home


def runs(text: str) -> set[str]:
    """Every LONG words that follow one another."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[n : n + LONG]) for n in range(len(words) - LONG + 1)}


@pytest.fixture(scope="module")
def reporters(kept: Settings) -> set[str]:
    """What the reporters tell in their own words."""
    own: set[str] = set()
    quoted: set[str] = set()
    with published.reading(kept) as connection:
        articles = connection.execute("SELECT id, title, text FROM w.articles").fetchall()
        named = connection.execute(
            """SELECT unnest([source_name, concat(speaker, ' ', office, ' ', p.body), a.byline, a.outlet])
            FROM w.statements s
            JOIN w.articles a ON a.id = s.article_id LEFT JOIN w.posts p USING (official_id)"""
        ).fetchall()
        said: dict[str, list[tuple[int, int]]] = {}
        for article, text, kind, content in connection.execute(
            """SELECT s.article_id, a.text, s.kind, s.content FROM w.statements s
            JOIN w.articles a ON a.id = s.article_id"""
        ).fetchall():
            spans = [(start, end) for start, end in content]
            spans = spans if kind == "direct" else list(within_marks(text, spans)) if kind == "mixed" else []
            said.setdefault(article, []).extend(spans)
    for article, title, text in articles:
        letters = list(text)
        for start, end in said.get(article, ()):
            quoted |= runs(text[start:end])
            letters[start:end] = "\n" * (end - start)
        for piece in re.split(r"\n+", "".join(letters)):
            own |= runs(piece)
        quoted |= runs(title)
    for (names,) in named:
        quoted |= runs(names)
    return own - quoted


DATE = re.compile(r"(?:by|from|until) the end of (?:[A-Z][a-z]+ )?\d{4}")


def leaked(shown: object, reporters: set[str]) -> set[str]:
    text = shown if isinstance(shown, str) else json.dumps(shown, default=repr, ensure_ascii=False)
    # a page is called “Pledges of the Board – Said & Done”: the name of the product ends what went before
    pieces = re.split(r"\[…\]| – Said &amp; Done|<[^>]*>|[\"\n]|\\n|,(?=\S)|', '", text.replace("%20", " "))
    return {run for piece in pieces for run in runs(piece)} & reporters


@pytest.fixture(scope="module")
def hits(kept: Settings) -> Sequence[Hit]:
    return statement_search.search(kept, limit=1000).hits


@pytest.fixture(scope="module")
def pages(kept: Settings) -> list[pledge_page.PledgePage]:
    """All pledges' pages, asked for together (`test_site` holds that they are those asked for alone)."""
    with site_rows.reading(kept) as reader:
        return list(reader.pages())


@pytest.fixture(scope="module")
def cards(kept: Settings, hits: Sequence[Hit]) -> list[statement_card.Card]:
    """Of every eighth hit, whatever its kind; each is asked for alone."""
    found = [statement_card.card(kept, hit.id) for hit in hits[::8]]
    assert {card.kind for card in found if card} >= {"direct", "mixed", "indirect"}
    return [card for card in found if card]


@pytest.fixture(scope="module")
def left(kept: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the export and the site."""
    folder = tmp_path_factory.mktemp("left")
    export(kept, folder / "export", formats=["csv", "json"])
    export_site(kept, folder)
    return folder


def shown(
    home: Settings,
    pages: Sequence[pledge_page.PledgePage],
    cards: Sequence[statement_card.Card],
    folder: Path,
) -> dict[str, object]:
    """Everything that leaves, by where it does."""
    with published.reading(home) as connection:
        views = {
            name: warehouse.fetch(connection, f"SELECT * EXCLUDE (article_text) FROM {name}")
            for name in ("statement_view",)
        } | {
            name: warehouse.fetch(connection, f"SELECT * FROM {name}")
            for name in ("commitment_view", "pledge_view", "evidence_view")
        }
    digest = make_digest(home, date(2026, 6, 30))
    known = [pledge_page.pledge(home, page.pledge.id, date(2026, 5, 1)) for page in pages[:2]]
    people = official_page.officials(home)  # those with most pledges first
    return views | {
        "hits": repr(statement_search.search(home, limit=1000).hits),
        "download": as_bytes(statement_search.search(home, limit=1000).hits, "json").decode(),
        "pledges": repr(pledge_list.pledges(home)),
        "pages": repr(pages),
        "as known": repr(known),
        "cards": repr(cards),
        "citations": [citations(card) for card in cards],
        "queue": repr(review_lists.queue(home, 1000)),
        "coverage": repr(coverage_page.coverage(home)),
        "officials": repr([people, [official_page.official(home, one.id) for one in people[::3]]]),
        "digest": [render(digest) for render in FORMATS.values()],
        **{
            str(file.relative_to(folder)): file.read_text(encoding="utf-8")
            for file in folder.rglob("*.*")
            if file.suffix in (".html", ".csv", ".json")
        },
    }


def test_a_reporters_words_are_nowhere(
    kept: Settings,
    reporters: set[str],
    pages: list[pledge_page.PledgePage],
    cards: list[statement_card.Card],
    left: Path,
) -> None:
    with published.reading(kept) as connection:
        stored = connection.execute("SELECT list(words) FROM w.statements WHERE kind <> 'direct'").fetchone()
    assert len(leaked(repr(stored), reporters)) > 100, "the test can see them"
    told = {place: leaked(what, reporters) for place, what in shown(kept, pages, cards, left).items()}
    # a title gives its first date in words of its own, which a reporter may have used too
    told = {place: sorted(run for run in some if not DATE.fullmatch(run))[:3] for place, some in told.items()}
    assert {place: some for place, some in told.items() if some} == {}


def test_what_is_quoted_is_given_span_by_span(
    kept: Settings, hits: Sequence[Hit], pages: list[pledge_page.PledgePage]
) -> None:
    kinds = {kind: [hit for hit in hits if hit.kind == kind] for kind in ("direct", "mixed", "indirect")}
    assert all(hit.words and hit.context.text == hit.words for hit in kinds["direct"])
    assert kinds["indirect"] and not any(hit.words or hit.content for hit in kinds["indirect"])
    assert all(hit.link and "#" not in hit.link for hit in kinds["indirect"])
    assert any(hit.words for hit in kinds["mixed"])
    assert all(re.fullmatch(r'[“"«].*[”"»]', part, re.DOTALL) for hit in kinds["mixed"] if hit.words
               for part in hit.words.split(" […] "))  # fmt: skip
    reports = [report for page in pages for report in page.shown]
    quoted = {hit.article_id: [] for hit in hits}  # type: dict[str, list[str]]
    for hit in hits:
        quoted[hit.article_id] += hit.words.split(" […] ")
    assert 0 < sum(bool(report.words) for report in reports) < len(reports)
    with published.reading(kept) as connection:
        strangers = connection.execute(
            "SELECT article_id, words FROM w.statements WHERE kind = 'direct'"
        ).fetchall()
    for article, words in strangers:
        quoted.setdefault(article, []).extend(words.split(" […] "))
    for report in (one for one in reports if one.words):
        assert any(report.words in part for part in quoted[report.article_id])


def test_all_of_it_is_found_and_verified_as_before(kept: Settings, cards: list[statement_card.Card]) -> None:
    assert all(card.verified for card in cards)
    assert totals.verify(kept)[1] == []
    with published.reading(kept) as connection:
        key, words = connection.execute(
            "SELECT id, words FROM w.statements WHERE kind = 'indirect' AND role <> 'non_official' LIMIT 1"
        ).fetchone() or ("", "")
    asked = " ".join(re.findall(r"[A-Za-z]+", words)[:6])
    assert key in {hit.id for hit in statement_search.search(kept, asked, limit=100).hits}


def test_nothing_is_withheld_of_free_articles(gold_home: Settings) -> None:
    with published.reading(gold_home) as connection:
        for table in ("withheld", "withheld_commitment", "withheld_change", "withheld_evidence"):
            assert connection.execute(f"SELECT count(*) FROM w.{table}").fetchone() == (0,)


def test_what_is_left_out_is_said_to_be(
    kept: Settings,
    hits: Sequence[Hit],
    pages: list[pledge_page.PledgePage],
    left: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hit = next(hit for hit in hits if not hit.words and hit.pledge_ids)
    page = next(page for page in pages if page.pledge.id in hit.pledge_ids)
    assert page.pledge.title.startswith("what was reported under “") or page.pledge.words

    def body(name: str, **parameters: str) -> str:
        app = opened(monkeypatch, kept.home, name, parameters)
        assert not app.exception
        return "".join(str(element.proto.body) for element in app.get("html"))

    assert LEFT_OUT in body("pledge", id=page.pledge.id)
    assert LEFT_OUT in body("quotation", id=hit.id)
    assert LEFT_OUT in body("search", q=f'outlet:"{hit.outlet}"')
    card = statement_card.card(kept, hit.id)
    assert card is not None
    cited = citations(card)
    assert all(LEFT_OUT in cited[form] for form in cited)
    assert "text" not in json.loads(cited["JSON-LD"])
    site = (left / "site" / "pledge" / f"{page.pledge.id}.html").read_text(encoding="utf-8")
    assert LEFT_OUT in site
    assert LEFT_OUT in FORMATS["txt"](make_digest(kept, date(2026, 6, 30)))
