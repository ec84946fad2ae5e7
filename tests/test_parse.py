"""Pages in, articles out: a saved page for every layout, bad pages by name, cleaning line by line.

``tests/pages/<layout>.<name>.html`` are pages of the sample web's templates; the ``.json`` beside each is
what must come out. A missing one is written, and the test fails until a person has read it.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.loading.load import parse_lines
from crawlers.pages.about.byline import authors_in, tidy_byline
from crawlers.pages.cleaning import clean, folded
from crawlers.pages.dates import LONDON
from crawlers.pages.layouts import known_layouts, rules
from crawlers.pages.paid import declared_paid
from crawlers.pages.parse import MAX_PAGE, Parsed, parse_page
from ledger.counts import Problem
from ledger.outlet import Outlet, Paywall

PAGES = Path(__file__).parent / "pages"
SAVED = sorted(PAGES.glob("*.html"))
NOW = datetime(2026, 7, 1, tzinfo=UTC)
URL = "https://h.example/news/the-bench-in-the-rain"
FIRST = "The parish council met in the village hall on Tuesday, and for once there were not enough chairs."
SECOND = "Clerk Ada Brindle read the minutes of the last meeting, which took her until a quarter past eight."


def _as_json(parsed: Parsed) -> dict[str, Any]:
    article = parsed.article
    return {
        "url": article.url,
        "title": article.title,
        "byline": article.byline,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "section": article.section,
        "paywalled": article.paywalled,
        "declared_paid": article.declared_paid,
        "rights": article.rights,
        "notes": [note.reason for note in parsed.notes],
        "paragraphs": article.text.split("\n\n"),
        "layout": [[laid.kind, article.text[slice(*laid.span)]] for laid in article.layout],
    }


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_saved_page(path: Path) -> None:
    html = path.read_bytes()
    url = re.search(rb'rel="canonical" href="([^"]+)"', html)
    assert url is not None
    parsed = parse_page(html, url[1].decode(), path.name.partition(".")[0], fetched=NOW)
    assert isinstance(parsed, Parsed)
    found, expected = _as_json(parsed), path.with_suffix(".json")
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and has been written: read it, then run again")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_every_layout_has_a_saved_page() -> None:
    assert {path.name.partition(".")[0] for path in SAVED} == set(known_layouts()) - {"generic"}


def _page(body: str = "", head: str = "", title: str = "The bench in the rain") -> bytes:
    text = body or f"<p>{FIRST}</p><p>{SECOND}</p>"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Herald</title>{head}'
        f"</head><body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    ).encode()


def _parsed(html: bytes, **more: Any) -> Parsed:
    parsed = parse_page(html, URL, fetched=NOW, **more)
    assert isinstance(parsed, Parsed), parsed
    return parsed


def _linked(**fields: object) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "The bench in the rain",
        **fields,
    }
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"%PDF-1.7 <x>", "not_html"),
        (b"\x89PNG\r\n<\x00", "not_html"),
        (b'{"title": "x"}', "not_html"),
        (b"<html><body><script>document.write('<p>' + text.repeat(99))</script></body></html>", "no_text"),
        (b"<html><body></body></html>", "no_text"),
        (b"<" * 3000, "no_text"),
        (b"<!-- " + b"x" * 3000, "not_html"),
        (_page("<h2>Log in</h2>"), "no_text"),
        (b"<p>" + b"x" * MAX_PAGE, "too_large"),
    ],
)
def test_bad_pages_are_problems_by_name(html: bytes, reason: str) -> None:
    problem = parse_page(html, URL)
    assert isinstance(problem, Problem)
    assert (problem.stage, problem.item, problem.reason) == ("load", URL, reason)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.text(alphabet="<>/=\"'ap div\x00é&;!-[]", max_size=400).map(str.encode)
    )
)
def test_no_page_fails(html: bytes) -> None:
    assert isinstance(parse_page(html, URL), Parsed | Problem)


def test_deep_nesting_is_read() -> None:
    inside = "<div>" * 5000 + f"<p>{FIRST}</p>" + "</div>" * 5000
    assert _parsed(_page(inside)).article.text == FIRST


@pytest.mark.parametrize(
    ("encoding", "header", "claim", "agreed"),
    [
        ("utf-8", "text/html; charset=utf-8", "utf-8", True),
        ("utf-8", "text/html", "iso-8859-1", False),
        ("windows-1252", "text/html; charset=utf-8", "utf-8", False),
        ("windows-1252", "text/html", "iso-8859-1", True),
        ("windows-1252", "text/html; charset=no-such", "no-such", False),
        ("utf-16", "text/html", "utf-8", True),
    ],
)
def test_charsets(encoding: str, header: str, claim: str, agreed: bool) -> None:
    words = "The café’s bill came to £4.2m, and it’s said that nobody in the hall was surprised by that."
    html = _page(f"<p>{words}</p>").decode().replace('charset="utf-8"', f'charset="{claim}"').encode(encoding)
    parsed = _parsed(html, headers={"content-type": header})
    assert parsed.article.text == words
    assert [note.reason for note in parsed.notes] == ([] if agreed else ["bad_charset"])


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "The bench',
        '{"@type": "NewsArticle", "datePublished": "2025-01-14T09:30:00Z",}',
        "[" * 5000,
    ],
)
def test_broken_jsonld_is_named_and_read_around(script: str) -> None:
    meta = '<meta property="article:published_time" content="2025-01-14T09:30:00Z">'
    parsed = _parsed(_page(head=f'<script type="application/ld+json">{script}</script>{meta}'))
    assert [note.reason for note in parsed.notes] == ["broken_jsonld"]
    assert parsed.article.published == datetime(2025, 1, 14, 9, 30, tzinfo=UTC)
    assert parsed.article.text == f"{FIRST}\n\n{SECOND}"


def test_jsonld_of_odd_shapes() -> None:
    odd = _linked(
        author=[None, 7, {"name": ["Ada Brindle"]}, "Ben Oak"],
        datePublished=[None, "2025-01-14"],
        articleSection={},
    )
    article = _parsed(
        _page(head='<script type="application/ld+json">[[], 7, null, "x"]</script>' + odd)
    ).article
    assert article.authors == ("Ada Brindle", "Ben Oak")
    assert article.published == datetime(2025, 1, 14, tzinfo=LONDON)
    assert article.section == ""


@pytest.mark.parametrize(
    ("head", "body", "iso"),
    [
        (_linked(datePublished="2025-07-14T09:30:00"), "", "2025-07-14T09:30:00+01:00"),
        (
            _linked(datePublished="2025-07-14T09:30:00Z"),
            "<time datetime='2020-01-01'>x</time>",
            "2025-07-14T09:30:00+00:00",
        ),
        ('<meta name="DC.date.issued" content="2025-07-14">', "", "2025-07-14T00:00:00+01:00"),
        ("", '<time datetime="2025-07-14T09:30:00+01:00">Monday</time>', "2025-07-14T09:30:00+01:00"),
        ("", "<time>09:30, 14 July 2025</time>", "2025-07-14T09:30:00+01:00"),
        ("", '<p class="stamp">Published Monday, 14th July 2025, 9.30am</p>', "2025-07-14T09:30:00+01:00"),
        ("", "<dl><dt>Date published:</dt><dd>14 July 2025</dd></dl>", "2025-07-14T00:00:00+01:00"),
    ],
)
def test_published_from_the_best_source(head: str, body: str, iso: str) -> None:
    article = _parsed(_page(body=f"{body}<p>{FIRST}</p>", head=head)).article
    assert article.published is not None and article.published.isoformat() == iso
    assert article.text == FIRST


def test_modified_is_read_from_words_that_nothing_sets_apart() -> None:
    line = "<div><span>By Ada Brindle</span><span>Updated 15 January 2025, 10.15am</span></div>"
    article = _parsed(_page(body=f"{line}<p>{FIRST}</p>")).article
    assert article.modified == datetime(2025, 1, 15, 10, 15, tzinfo=LONDON)


def test_the_listing_gives_the_time_where_the_page_gives_none() -> None:
    listed = datetime(2025, 7, 14, 8, 30, tzinfo=UTC)
    assert _parsed(_page(), listed=listed).article.published == listed
    day = '<meta name="date" content="2025-07-14">'
    assert _parsed(_page(head=day), listed=listed).article.published == listed
    other = '<meta name="date" content="2025-07-13">'
    assert _parsed(_page(head=other), listed=listed).article.published == datetime(2025, 7, 13, tzinfo=LONDON)


def test_a_date_in_the_future_is_named_and_not_believed() -> None:
    parsed = _parsed(_page(head=_linked(datePublished="2091-01-01", dateModified="2092-01-01")))
    assert parsed.article.published is None and parsed.article.modified is None
    assert [note.reason for note in parsed.notes] == ["future_date"]
    meta = '<meta property="article:published_time" content="2025-01-14T09:30:00Z">'
    parsed = _parsed(_page(head=_linked(datePublished="2091-01-01") + meta))
    assert parsed.article.published == datetime(2025, 1, 14, 9, 30, tzinfo=UTC)
    late = datetime(2091, 6, 1, tzinfo=UTC)
    assert _parsed(_page(head=_linked(datePublished="2091-01-01")), today=late).notes == ()


WALLS = (
    "This article is for subscribers only.",
    "This article is for subscribers only",
    "The full story is available only to our paying subscribers. Subscribe from £1 a week.",
    "The rest of this article is reserved for members.",
    "This is a subscriber-only story.",
    "Subscriber exclusive",
    "You need a subscription to read this article.",
    "Please log in to continue.",
    "Subscribe or log in to read the full story.",
    "You have read 3 of your 5 free articles this month.",
)
NO_WALLS = (
    "The story is a gift to all members of the choir, as the vicar wrote.",
    "Please tell the clerk if you must subscribe to the fund, said the notice on the door of the hall.",
    "You have to register to vote by the first of May, the clerk said.",
    "Members only sat on the left.",
    "This story is well known to members of the choir, the vicar wrote.",
)


@pytest.mark.parametrize("head", ["", "closed"])
def test_a_page_that_says_in_words_that_it_is_for_subscribers_does_not_tell_that(head: str) -> None:
    lines = "".join(f"<p>{line}</p><p>{FIRST} {n}.</p>" for n, line in enumerate((*WALLS, *NO_WALLS)))
    article = _parsed(
        _page(f"<p>{SECOND}</p>{lines}", _linked(isAccessibleForFree=False) if head else "")
    ).article
    told = article.text.split("\n\n")
    assert [line for line in told if line in WALLS] == []
    assert [line for line in told if line in NO_WALLS] == list(NO_WALLS)
    assert article.declared_paid == article.paywalled == bool(head)


QUOTED = "We will mend the roof by May, and nobody will pay more for it."


@pytest.mark.parametrize(
    "block",
    [
        "<blockquote><p>{}</p><footer>— Cllr Ann Lee, leader of the council</footer></blockquote>",
        "<blockquote><p>{}</p><footer>Cllr Ann Lee, <cite>leader of the council</cite></footer></blockquote>",
        "<blockquote><p>{} <cite>Cllr Ann Lee, leader of the council</cite></p></blockquote>",
        "<blockquote><p>{}</p></blockquote><cite>Cllr Ann Lee, leader of the council</cite>",
        "<figure><blockquote><p>{}</p></blockquote><figcaption>– Cllr Ann Lee, leader of the council"
        "</figcaption></figure>",
    ],
)
def test_who_is_named_below_a_block_quotation_stands_in_a_line_of_the_text(block: str) -> None:
    signed = "— Cllr Ann Lee, leader of the council"
    text = _parsed(_page(f"<p>{FIRST}</p>{block.format(QUOTED)}<p>{SECOND}</p>")).article.text
    assert text.split("\n\n") == [FIRST, QUOTED, signed, SECOND]
    pulled = block.format(FIRST.partition(",")[0] + ".")
    told = _parsed(_page(f"<p>{FIRST}</p>{pulled}<p>{SECOND}</p>")).article.text
    assert told.split("\n\n") == [FIRST, SECOND]  # pulled out of the text, and its signature with it


@pytest.mark.parametrize(
    "block",
    [
        "<blockquote><p>I saw <cite>The Tempest</cite> at the hall, and it rained.</p></blockquote>",
        '<figure><blockquote class="twitter-tweet"><p>It rained.</p></blockquote><figcaption>The post'
        "</figcaption></figure>",
    ],
)
def test_what_else_a_block_quotation_names_is_no_signature(block: str) -> None:
    assert "—" not in _parsed(_page(f"<p>{FIRST}</p>{block}<p>{SECOND}</p>")).article.text


def test_what_is_behind_a_paywall_is_left_out() -> None:
    head = _linked(
        isAccessibleForFree="False",
        hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".closed"},
    )
    article = _parsed(_page(f'<p>{FIRST}</p><div class="closed"><p>{SECOND}</p></div>', head)).article
    assert article.paywalled and article.text == FIRST


PARTS = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".closed"}


@pytest.mark.parametrize(
    "head",
    [
        _linked(isAccessibleForFree=False),
        _linked(isAccessibleForFree="False", hasPart=PARTS),  # nothing on the page is so called
        _linked(hasPart=[PARTS]),
        '<meta property="article:content_tier" content="locked">',
        '<meta itemprop="isAccessibleForFree" content="False">',
    ],
)
def test_a_page_that_is_served_whole_is_read_whole_and_flagged(head: str) -> None:
    body = "".join(f"<p>{FIRST} {number}.</p>" for number in range(20))
    wall = '<div class="closed"><p>Subscribe from £1 a week to read on.</p></div>'
    for page in (_page(body, head), _page(body + wall if "closed" in head else body, head)):
        article = _parsed(page).article
        assert article.paywalled and article.declared_paid
        assert len(article.text.split("\n\n")) == 20 and "Subscribe" not in article.text
    assert not _parsed(_page(body, _linked(isAccessibleForFree=True))).article.paywalled


@pytest.mark.parametrize(
    "rest",
    [
        '<div class="closed">{}</div>',
        '<div class="more" style="display: none">{}</div>',
        "<section hidden>{}</section>",
        "<template>{}</template>",
        "<noscript>{}</noscript>",
        "<script type='application/json'>{}</script>",
    ],
)
def test_what_a_closed_page_names_as_paid_or_hides_stays_unread(rest: str) -> None:
    hidden = "".join(f"<p>{SECOND} {number}.</p>" for number in range(8))
    head = _linked(isAccessibleForFree=False, hasPart=PARTS, articleBody=f"{FIRST} {SECOND} " * 9)
    article = _parsed(_page(f"<p>{FIRST}</p>{rest.format(hidden)}", head)).article
    assert article.paywalled and article.text == FIRST
    assert not article.declared_paid
    if "closed" not in rest:
        nothing = parse_page(_page(f"<div><p>x</p></div>{rest.format(hidden)}", head), URL)
        assert isinstance(nothing, Problem) and nothing.reason in {"paid", "no_text"}


def test_a_page_that_names_its_whole_text_as_paid_and_serves_it_is_read() -> None:
    text = "".join(f"<p>{SECOND} {number}.</p>" for number in range(8))
    head = _linked(isAccessibleForFree=False, hasPart=PARTS)
    nav = f"<nav><p>{FIRST}</p></nav>"
    article = _parsed(_page(f'{nav}<div class="closed">{text}</div>', head)).article
    assert article.declared_paid and article.text.count(SECOND) == 8


def test_an_outlets_entry_says_what_is_done_with_closed_pages() -> None:
    body = "".join(f"<p>{FIRST} {number}.</p>" for number in range(20))
    closed, free = _page(body, _linked(isAccessibleForFree=False)), _page(body)
    whole = _parsed(closed, outlet=Outlet("H", URL)).article
    cut = _parsed(closed, outlet=Outlet("H", URL, paywall="teaser")).article
    assert cut.paywalled and not cut.declared_paid and whole.text.startswith(cut.text)
    assert len(cut.text.replace("\n", "")) <= 500
    left = parse_page(closed, URL, outlet=Outlet("H", URL, paywall="leave"))
    assert isinstance(left, Problem) and left.reason == "paid"
    for paywall in get_args(Paywall):
        assert _parsed(free, outlet=Outlet("H", URL, paywall=paywall)).article.text == whole.text
    assert declared_paid(closed, {}) and not declared_paid(free, {}) and not declared_paid(b"", {})


def test_rights_are_kept() -> None:
    article = _parsed(
        _page(head='<meta name="robots" content="noarchive">'), headers={"tdm-reservation": "1"}
    ).article
    assert article.rights == {"tdm_reserved": True, "noarchive": True}


def test_hidden_addresses_are_shown() -> None:
    hidden = bytes([0x5A, *(byte ^ 0x5A for byte in b"clerk@hall.example")]).hex()
    link = f'<a class="__cf_email__" data-cfemail="{hidden}">[protected]</a>'
    body = f"<p>{FIRST}</p><p>Write to {link} before noon on Friday.</p>"
    assert "Write to clerk@hall.example before noon" in _parsed(_page(body)).article.text


def test_furniture_by_name_and_build_is_left_out() -> None:
    body = f"""<div class="c-related-links"><p>Other news</p></div><p>{FIRST}</p>
    <div><h3>Never miss a thing</h3><p>Our letter comes early.</p><form><input type="email"></form></div>
    <figure><img alt="The hall"><figcaption>The hall in March. Picture: A. Brindle</figcaption></figure>
    <p>The hall in March. Picture: A. Brindle</p><section><h4>Go on</h4><ul><li><a href="/a">One</a></li>
    <li><a href="/b">Two</a></li></ul></section><p>{SECOND}</p>"""
    assert _parsed(_page(body)).article.text == f"{FIRST}\n\n{SECOND}"


def test_what_markup_makes_of_lines_is_kept_as_layout() -> None:
    body = f"""<p>{FIRST}</p><p class="pull-quote">the last meeting, which took her until</p><p>{SECOND}</p>
    <h2>Questions</h2><p><strong>MAYOR:</strong> We will see to the chairs.</p><p><b>Clerk</b>: By May?</p>
    <p><strong>MAYOR:</strong> By the first of May, as I have said to everybody who would hear it.</p>
    <blockquote>A bench is a bench.<br>It will stay.</blockquote>
    <blockquote class="twitter-tweet"><p>The bench stays.</p>&mdash; Ada Brindle (@ada) <a>May 1</a>
    </blockquote>
    <ol><li>one chair</li><li><p>two chairs</p></li></ol>
    <table><tr><th>Chair</th><th>Cost</th></tr><tr><td>Oak</td><td>£9</td></tr></table>
    <p>{FIRST} Again.</p>"""
    article = _parsed(_page(body)).article
    assert [(laid.kind, article.text[slice(*laid.span)]) for laid in article.layout] == [
        ("heading", "Questions"),
        ("label", "MAYOR:"),
        ("label", "Clerk"),
        ("label", "MAYOR:"),
        ("quote", "A bench is a bench."),
        ("quote", "It will stay."),
        ("post", "The bench stays."),
        ("post", "— Ada Brindle (@ada) May 1"),
        ("list", "- one chair"),
        ("list", "- two chairs"),
        ("row", "Chair | Cost"),
        ("row", "Oak | £9"),
    ]
    assert article.text.count("which took her until") == 1
    wrapped = (
        f'<div class="facebook-instant pullquotes">{"<p>" + (FIRST + " ") * 8 + "</p>"}<p>{SECOND}</p></div>'
    )
    assert _parsed(_page(wrapped)).article.layout == ()
    facts = "<p><b>Where:</b> The village hall, at noon.</p><p><b>When:</b> On Tuesday, if it is dry.</p>"
    assert _parsed(_page(f"<p>{FIRST}</p>{facts}<p>{SECOND}</p>")).article.layout == ()


def test_an_article_in_a_box_with_an_unlucky_name_is_kept() -> None:
    body = f'<div class="newsletter-enabled ad-free"><p>{FIRST}</p><p>{SECOND}</p><p>{FIRST} Again.</p></div>'
    assert _parsed(_page(body)).article.text.startswith(f"{FIRST}\n\n{SECOND}")


def test_an_article_without_paragraph_elements_is_kept() -> None:
    lines = "".join(f"<div>{FIRST} Part {n} of it was the longest.</div>" for n in range(30))
    text = _parsed(_page(f'<form id="social-form"><div class="share-wide">{lines}</div></form>')).article.text
    assert "Part 0 of it" in text and "Part 29 of it" in text


def test_the_canonical_link_names_the_article() -> None:
    outlet = Outlet("Herald", "https://www.h.example/", group="northern-titles")
    page = _page(head='<link rel="canonical" href="https://h.example/news/bench?utm_source=x">')
    article = _parsed(page, outlet=outlet).article
    assert (article.url, article.outlet) == ("https://www.h.example/news/bench", "Herald")
    assert article.first_seen == NOW


CLEANED = [
    (["Advertisement", FIRST, "Hide AdHide Ad", SECOND], [FIRST, SECOND]),
    ([f"Hide Ad{FIRST}", f"{SECOND}Advertisement"], [FIRST, SECOND]),
    ([f"{FIRST} This article is for subscribers only.", SECOND], [FIRST, SECOND]),
    ([FIRST, FIRST, SECOND], [FIRST, SECOND]),
    ([FIRST * 3, f"{SECOND} {SECOND}"], [FIRST, SECOND]),
    (["The bench in the rain", FIRST, "The caption of it", SECOND], [FIRST, SECOND]),
    (["News", "14 July 2025, 09:30", "By Ada Brindle", FIRST], [FIRST]),
    ([FIRST, "Read more: The bench that nobody wanted", "READ NEXT", SECOND], [FIRST, SECOND]),
    ([FIRST, SECOND, "Comment Guidelines", "Please keep to the subject, whatever it is."], [FIRST, SECOND]),
    ([FIRST, "Sign up to our daily newsletter", "Thank you for signing up!", SECOND], [FIRST, SECOND]),
    ([FIRST, "A bench. Picture: Ada Brindle", "Ada Brindle (Image: The Herald)", SECOND], [FIRST, SECOND]),
    ([FIRST, "Have your say in the comments below.", "Vote in our poll below", SECOND], [FIRST, SECOND]),
    ([FIRST, "You may also like", "The bench that sang", "Ten more benches"], [FIRST]),
    ([FIRST, "You may also like", "“Not now,” he said.", SECOND], [FIRST, "“Not now,” he said.", SECOND]),
    (
        [FIRST, "To continue reading, subscribe from £1 a week.", "Already a subscriber? Log in", SECOND],
        [FIRST, SECOND],
    ),
    ([FIRST, "Getty Images", "AP Photo/Ada Brindle", "Image copyright Ada Brindle", SECOND], [FIRST, SECOND]),
    (
        [FIRST, "(c) 2026 Hexley Media", "(c) That the wardens be kept.", SECOND],
        [FIRST, "(c) That the wardens be kept.", SECOND],
    ),
    ([FIRST, "Got a story for us? E-mail our newsdesk on news@h.example", SECOND], [FIRST, SECOND]),
    (
        [FIRST, "For the latest from the hall, sign up to our newsletter.", "Up next: Chairs", SECOND],
        [FIRST, SECOND],
    ),
    ([FIRST, "ENDS", "Notes to editors", "The hall was built in 1911."], [FIRST]),
]
KEPT = [
    "“Read more: that was the only advice he ever gave us,” she said.",
    "The council will share this.",
    "She said the picture was clear: the hall is too small.",
    "He asked people to sign up.",
    "Comments made at the meeting were not minuted.",
    "The advertisement for the post will go out in May.",
    "“Close it,” he said.",
    "More-or-less the whole village came, and so did the vicar.",
    "Watch-makers in the town are down to two.",
    "Continue reading to the children, she told them.",
    "For the latest patients, visits will start in May.",
    "Subscribers to the scheme pay £4 a month.",
    "Keywords: that was all she had, in a notebook.",
    "Media captions were banned from the hall in March.",
    "Reuters reported the plan first, and the council denied it.",
]


@pytest.mark.parametrize(("lines", "wanted"), CLEANED)
def test_cleaning(lines: list[str], wanted: list[str]) -> None:
    kept = clean(lines, rules(), "The bench in the rain", ["The caption of it"], "Ada Brindle")
    assert [line for _, line in kept] == wanted


@pytest.mark.parametrize("line", KEPT)
def test_sentences_of_an_article_are_kept(line: str) -> None:
    assert clean([FIRST, line, SECOND], rules()) == list(enumerate([FIRST, line, SECOND]))


@given(st.lists(st.text(max_size=60), max_size=20))
def test_cleaning_is_stable_and_adds_nothing(lines: list[str]) -> None:
    assert all(line in " ".join(lines[number].split()) for number, line in clean(lines, rules()))


def test_cleaning_is_linear_in_a_long_line() -> None:
    long = "Read more: " + "a " * 200_000
    assert clean([long], rules()) == [(0, " ".join(long.split()))]
    assert len(clean([f"Line {n} of the minutes was read." for n in range(50_000)], rules())) == 50_000
    assert folded("ab" * 50_000) == "ab" * 25_000


@pytest.mark.parametrize("piece", ["<!--", "-", "posted on "])
def test_a_page_of_one_piece_again_and_again_is_read_in_linear_time(piece: str) -> None:
    body = f"<html><head>{piece * 60_000}</head><body><p>{piece * 60_000}</p></body></html>".encode()
    found = parse_page(body, "https://one.example/a")
    assert isinstance(found, Parsed) or found.reason == "no_text"


@pytest.mark.parametrize(
    ("text", "byline", "authors"),
    [
        ("By Gemma Tolliver, Politics Reporter", "Gemma Tolliver, Politics Reporter", ("Gemma Tolliver",)),
        (
            "Words by Ada Brindle and Ben Oak | 3 May 2025",
            "Ada Brindle and Ben Oak",
            ("Ada Brindle", "Ben Oak"),
        ),
        (
            "Aidan Crossley, Local Democracy Reporter",
            "Aidan Crossley, Local Democracy Reporter",
            ("Aidan Crossley",),
        ),
        ("Marlshire Police Corporate Communications", "Marlshire Police Corporate Communications", ()),
        ("12 May", "", ()),
        ("", "", ()),
        ("x" * 500, "", ()),
    ],
)
def test_bylines(text: str, byline: str, authors: tuple[str, ...]) -> None:
    assert tidy_byline([text]) == byline
    assert authors_in(byline) == authors


def test_parse_lines(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(
        _page(head=_linked(datePublished="2025-07-14T09:30:00", articleSection="Hall"))
    )
    (tmp_path / "b.html.gz").write_bytes(
        gzip.compress(_page(head='<script type="application/ld+json">{</script>'))
    )
    (tmp_path / "c.html").write_bytes(b"")
    (tmp_path / "d.gz").write_bytes(gzip.compress(_page())[:40])
    asked = [
        json.dumps({"id": "1", "url": URL, "file": "a.html"}),
        json.dumps({"id": "2", "url": URL, "file": "b.html.gz", "layout": "meta"}),
        json.dumps({"id": "3", "url": URL, "file": "c.html"}),
        json.dumps({"id": "4", "url": URL, "file": "d.gz"}),
        json.dumps({"id": "5", "url": URL, "file": "none.html"}),
        json.dumps({"id": "6", "url": URL, "file": "a.html", "layout": "nonesuch"}),
        "not json",
        "[]",
        '{"id": 7}',
        "",
    ]
    found = list(parse_lines(asked, tmp_path, NOW))
    answers = [answer for answer, _ in found if answer]
    problems = [(problem.item, problem.reason) for _, problem in found if problem]
    assert [answer["id"] for answer in answers] == ["1", "2"]
    assert answers[0] == {
        "id": "1",
        "url": URL,
        "title": "The bench in the rain",
        "byline": "",
        "authors": [],
        "published": "2025-07-14T09:30:00+01:00",
        "modified": None,
        "section": "Hall",
        "paywalled": False,
        "declared_paid": False,
        "text": f"{FIRST}\n\n{SECOND}",
        "layout": [],
        "rights": {},
    }
    assert problems == [
        ("2", "broken_jsonld"),
        ("3", "empty"),
        ("4", "bad_gzip"),
        ("5", "no_file"),
        ("6", "bad_layout"),
        ("line 7", "bad_line"),
        ("line 8", "bad_line"),
        ("line 9", "bad_line"),
    ]


def test_the_same_page_gives_the_same_article() -> None:
    html = SAVED[0].read_bytes()
    assert parse_page(html, URL, fetched=NOW) == parse_page(html, URL, fetched=NOW)
    group = replace(Outlet("H", URL), group="no-such-group")
    assert isinstance(parse_page(html, URL, "jsonld", group), Parsed)


def test_pieces_of_the_byline_and_the_day_with_its_time_are_not_told() -> None:
    byline = "Jane Doe, Local Democracy Reporting Service, Tom Smith"
    lines = [
        "Jane DoeLocal Democracy Reporting Service",
        "By Tom Smith @tomsmith",
        "The mayor says work will begin in 2027",
        "Thu 5 Mar 2026 17.00 GMT",
        "On Thu 5 Mar 2026 at 17.00 the doors will open.",
        "Jane Doe",
    ]
    assert [number for number, _ in clean(lines, rules(), byline=byline)] == [2, 4, 5]
