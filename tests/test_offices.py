"""Roles and bodies come from words of the same item, or the register: never borrowed from elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.types import Article, Official, Post, Statement
from nlp.officials.organizations import find_bodies, home_government, same_body
from nlp.officials.register import Register, official_id
from nlp.pipeline import extract
from nlp.text.paragraphs import items

SCOTTISH = "Scottish Government"
LAW = "said the law would be changed."


def of(text: str, register: Register, title: str = "", outlet: str = "Wend Echo") -> Statement:
    """The statement about the law, of an article of 17 June 2025."""
    day = datetime(2025, 6, 17, 9, tzinfo=UTC)
    article = Article(id="a1", outlet=outlet, url="", title=title, text=text, byline="", published=day)
    ((_, extraction),) = extract([article], register)
    return next(
        s for s in extraction.statements if "law would be" in " ".join(text[a:b] for a, b in s.content)
    )


@pytest.mark.parametrize(
    ("text", "speaker", "role", "body"),
    [
        # posts told by a body before or behind a name
        (
            f"Asked on Monday, Wend Council's chief executive, Ada Winship, {LAW}",
            "Ada Winship",
            "other_official",
            "Wend Council",
        ),
        (
            f"Wend Council's director for housing and private standards, Ada Winship, {LAW}",
            "Ada Winship",
            "other_official",
            "Wend Council",
        ),
        (
            f"A liaison officer at Wend Council Ada Winship {LAW}",
            "Ada Winship",
            "other_official",
            "Wend Council",
        ),
        (
            f"In a letter to Wend Council's chief executive, Ada Winship {LAW}",
            "Ada Winship",
            "non_official",
            None,
        ),
        (
            f"Dame Ada Winship, who chairs Wend Hospitals NHS Trust, {LAW}",
            "Ada Winship",
            "other_official",
            "Wend Hospitals NHS Trust",
        ),
        (
            f"Ada Winship, medical director of Mid Wend Hospitals NHS Trust, {LAW}",
            "Ada Winship",
            "other_official",
            "Mid Wend Hospitals NHS Trust",
        ),
        (
            f"The Health and Safety Executive inspector Ada Winship {LAW}",
            "Ada Winship",
            "other_official",
            "Health and Safety Executive",
        ),
        (
            f"The Labour MP for Wendbridge and Stoke Harle, Ada Winship, {LAW}",
            "Ada Winship",
            "mp",
            "UK Parliament",
        ),
        (f"Conservative MP for West Wendshire Ada Winship {LAW}", "Ada Winship", "mp", "UK Parliament"),
        (f"Former Wendbridge MP Ada Winship {LAW}", "Ada Winship", "non_official", None),
        (f"Ada Winship, from Healthwatch Wend, {LAW}", "Ada Winship", "non_official", "Healthwatch Wend"),
        (f"09:42: Police in Wend {LAW}", None, "police", None),
        (
            f"Wend Council's head of works told a man of Mill Row, Ada Winship, of it. Ada Winship {LAW}",
            "Ada Winship",
            "non_official",
            None,
        ),
        (
            f"The Environment Agency fined the farm manager Ada Winship. Ada Winship {LAW}",
            "Ada Winship",
            "non_official",
            None,
        ),
        (
            f"Conservative MP for Wendbridge Ada Winship, who sits at the back, {LAW}",
            "Ada Winship",
            "mp",
            "UK Parliament",
        ),
        # governments, courts, seats
        (
            f"The Scottish Justice Secretary, Ada Winship, {LAW}",
            "Ada Winship",
            "minister",
            "Scottish Government",
        ),
        (
            f"Members sat late at Stormont. Infrastructure minister Ada Winship {LAW}",
            "Ada Winship",
            "minister",
            "Northern Ireland Executive",
        ),
        (f"Norway's health minister Ada Winship {LAW}", "Ada Winship", "minister", None),
        (f"Ada Winship, mayor of Westerheim in Germany, {LAW}", "Ada Winship", "non_official", None),
        (f"The Rev Ada Winship, minister of Wend chapel, {LAW}", "Ada Winship", "non_official", None),
        (f"Leeds council leader Ada Winship {LAW}", "Ada Winship", "council_leader", "Leeds City Council"),
        (
            f"Ada Winship, mayor of West Yorkshire, {LAW}",
            "Ada Winship",
            "mayor",
            "West Yorkshire Combined Authority",
        ),
        (f"Ada Winship, mayor of Barnsley, {LAW}", "Ada Winship", "councillor", "Barnsley Council"),
        (f"At Wend Crown Court Judge Ada Winship {LAW}", "Ada Winship", "other_official", "Wend Crown Court"),
        (f"Scottish Labour leader Ada Winship {LAW}", "Ada Winship", "non_official", None),
        # an officer's body is the force
        (f"Inspector Ada Winship, based at Wend Police Station, {LAW}", "Ada Winship", "police", None),
        (f"Dunmoor and Kerrow Police {LAW}", None, "police", "Dunmoor and Kerrow Police"),
        # descriptions of somebody else
        (f"Colin Ardley, 39, was fined. The police officer who arrested him {LAW}", None, "police", None),
        (f"Wendshire Police made ten arrests. Officials {LAW}", None, "other_official", None),
        (f"Sir Tom Arden, who was chief constable until 2014, {LAW}", "Tom Arden", "non_official", None),
        (
            f"Residents met Tom Arden at noon. The minister was in Wend. Tom Arden {LAW}",
            "Tom Arden",
            "non_official",
            None,
        ),
        # papers and staff
        (f"The paper ran its story on Sunday. The report {LAW}", None, "non_official", None),
        (f"A report to Wend Borough Council's cabinet {LAW}", None, "other_official", "Wend Borough Council"),
        (f"Wend Council met. Figures published in May {LAW}", None, "other_official", "Wend Council"),
        (f"Wend Council met. A report by Marsh Homes {LAW}", None, "non_official", None),
        (f"Wend Council met. The court {LAW}", None, "other_official", None),
        (
            f"Ada Winship, leader of Wend Council, was away. Ada Winship's office {LAW}",
            None,
            "council_leader",
            "Wend Council",
        ),
        (f"Wend Council met. A spokesperson for the contractor {LAW}", None, "non_official", None),
        (f"NHS England set the rules. The trust {LAW}", None, "other_official", None),
    ],
)
def test_role_and_body_by_the_words(text: str, speaker: str | None, role: str, body: str | None) -> None:
    statement = of(text, Register(()))
    assert (statement.speaker, statement.role, statement.body) == (speaker, role, body)


def test_an_item_borrows_no_body_from_another() -> None:
    text = (
        "The leader of Calder Council, Councillor Aziz Rahmat, spoke of the damage to graves.\n\n"
        "Library in Wend set alight by boys\n\n"
        f"Wend councillor Ada Winship {LAW}"
    )
    assert of(text, Register(())).body is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One.\n\nTwo.\n\nThree.", 1),
        ("9.05am Good morning all.\n\nRain.\n\n9.30 – We begin.\n\n10.15am: It is over.", 4),
        (
            "So it goes.\n\nBins\n\nThey are late.\n\nBuses\n\nThey are early.\n\nBaths\n\nThey are shut.",
            4,
        ),
        ("It was said at length.\n\nWhat next\n\nNobody could say what would come.", 1),
    ],
)
def test_items(text: str, parts: int) -> None:
    found = items(text)
    assert len(found) == parts
    assert (found[0][0], found[-1][1]) == (0, len(text))


def test_a_release_speaks_for_who_publishes_it() -> None:
    text = f"A spokesperson {LAW}"
    assert of(text, Register(()), outlet="Wend District Council").body == "Wend District Council"
    assert of(text, Register(()), outlet="Wend Echo").body is None


def post(name: str, office: str, role: str, body: str, end: date | None = None) -> Official:
    held = Post(office, role, body, end=end)  # type: ignore[arg-type]  # one of the roles
    return Official(official_id(name, body), name, (), (held,))


KNOWN = Register(
    (
        post("Ada Winship", "Leader of Wend Borough Council", "council_leader", "Wend Borough Council"),
        post("Tom Arden", "Health Secretary", "minister", "Department of Health and Social Care"),
        post("Ewan Muir", "Cabinet Secretary for Health", "minister", "Scottish Government"),
        post("Celia Ward", "Police and Crime Commissioner", "pcc", "Wendshire Police and Crime Commissioner"),
        post("Zahid Khan", "Councillor", "councillor", "Wend Borough Council", date(2025, 6, 10)),
    )
)


@pytest.mark.parametrize(
    ("text", "speaker", "role", "body"),
    [
        # whoever is named brings in the body of their post
        (f"Ada Winship cut a ribbon. The council {LAW}", None, "other_official", "Wend Borough Council"),
        (f"Ada Winship cut a ribbon. The parish council {LAW}", None, "other_official", None),
        (f"A spokesman for Tom Arden {LAW}", None, "minister", "Department of Health and Social Care"),
        # the register knows better than what stands near
        (f"The mayor came to Wend. Ada Winship smiled. The mayor {LAW}", None, "mayor", None),
        (
            f"MSPs sat at Holyrood. Ewan Muir came. The health secretary {LAW}",
            "Ewan Muir",
            "minister",
            SCOTTISH,
        ),
        (
            "The commissioner has said that the law would be changed by May. She is Celia Ward.",
            "Celia Ward",
            "pcc",
            "Wendshire Police and Crime Commissioner",
        ),
        # a post that the article calls former is not shown for its last weeks
        (f"Former councillor Zahid Khan {LAW}", "Zahid Khan", "non_official", None),
    ],
)
def test_role_and_body_by_the_register(text: str, speaker: str | None, role: str, body: str | None) -> None:
    statement = of(text, KNOWN)
    assert (statement.speaker, statement.role, statement.body) == (speaker, role, body)


def test_the_government_is_the_one_that_a_text_is_about() -> None:
    assert home_government("MSPs voted at Holyrood, and Westminster listened.") == "Scottish Government"
    assert home_government("The bus was late.") == "UK Government"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Wend Council", "Wend Borough Council", True),
        ("the Department for Transport", "Department for Transport", True),
        ("Wend Council", "Wend Police", False),
        ("", "Wend Council", False),
    ],
)
def test_names_of_one_body(one: str, other: str, same: bool) -> None:
    assert same_body(one, other) is same


@pytest.mark.parametrize(
    "text", ["The City Council met", "A police and crime commissioner", "the County Council"]
)
def test_a_kind_without_a_name_is_no_body(text: str) -> None:
    assert find_bodies(text) == []


def test_a_body_begins_behind_the_one_who_heads_it() -> None:
    (body,) = find_bodies("Provost Morag Tullis of Stranlea Council")
    assert body.name == "Stranlea Council"
