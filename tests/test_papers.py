"""Manifestos and minutes read for what they are: whose each point, resolution and action is, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from crawlers.documents.document import Document
from crawlers.documents.pdf.read import read_pdf
from ledger.types import Commitment, Laid, Statement
from nlp.annotate import Promises, read_promises
from nlp.commitments.points import point_of
from nlp.officials.register import Register
from nlp.pipeline import MODEL

FOLDER = Path(__file__).parent / "documents"
PARTY = "Denn Valley Independents"
COUNCIL = "Denholt Borough Council"


def read(text: str, kind: str, byline: str, layout: Sequence[Laid] = ()) -> Promises:
    line = {
        "id": "x",
        "text": text,
        "title": "",
        "kind": kind,
        "byline": byline,
        "published": "2025-10-14T00:00:00+00:00",
        "layout": [{"kind": laid.kind, "span": list(laid.span)} for laid in layout],
    }
    return read_promises([line], Register(()), MODEL)


def of_document(document: Document, kind: str, byline: str) -> Promises:
    return read(document.text, kind, byline, document.layout)


def told(found: Promises) -> list[tuple[Statement, Commitment, str]]:
    """Each commitment with its statement and its words."""
    return [
        (statement, commitment, article.text[slice(*commitment.span)])
        for article, extraction in found.extracted
        for statement in extraction.statements
        for commitment in found.commitments.get(statement.id, ())
    ]


def said(found: Promises) -> list[str]:
    return [
        article.text[statement.content[0][0] : statement.content[-1][1]]
        for article, extraction in found.extracted
        for statement in extraction.statements
    ]


@pytest.mark.slow
def test_each_point_of_a_manifesto_is_a_commitment_of_its_publisher() -> None:
    document = read_pdf((FOLDER / "manifesto.pdf").read_bytes())
    found = told(of_document(document, "manifesto", PARTY))
    assert len(found) == 40
    assert {statement.body for statement, _, _ in found} == {PARTY}
    assert not any(commitment.minor for _, commitment, _ in found)
    assert found[0][2] == "Build 500 council homes in Ferrow and Denholt by March 2028"
    assert found[0][1].deadline is not None and found[0][1].deadline.last == date(2028, 3, 31)


PROGRAMME = """Our plan for Hexley

What we have done

- We mended the bridge in 2024.

What we will do

1. Reopen the baths at Lime Grove by May 2026.

2. Our libraries are closing one by one. We will keep all five of them open.

3. One in four of our children grows up poor.

4. Free school meals for every child.

5. What about the buses?

- No new car parks in the old town.

We will publish every contract that the council signs.

Candidates

- Ann Lee (Southwick)"""


@pytest.mark.slow
def test_what_promises_in_a_programme_is_a_point_and_what_reports_is_none() -> None:
    found = told(read(PROGRAMME, "manifesto", "Ann Lee, Hexley First"))
    assert [words for _, _, words in found] == [
        "Reopen the baths at Lime Grove by May 2026",
        "We will keep all five of them open",
        "Free school meals for every child",
        "No new car parks in the old town",
        "We will publish every contract that the council signs",
    ]
    assert {statement.speaker for statement, _, _ in found} == {"Ann Lee"}
    assert {statement.role for statement, _, _ in found} == {"candidate"}


DESIGNED = """1. A home for everyone

To build them, we will:

- consult residents before any road is closed;

- plant trees along every lane.

2. Reopen the pool at Lime Grove

This will be paid for from the sale of land.

- starting with the longest waits

3. Consult residents before any school is closed

We will ask each family by May 2028."""


@pytest.mark.slow
def test_chapters_leads_reasons_and_details_are_no_points() -> None:
    layout = [
        Laid("heading", (at, at + len(line)))
        for line in DESIGNED.split("\n\n")
        if line[0].isdigit()
        for at in [DESIGNED.index(line)]
    ]
    found = told(read(DESIGNED, "manifesto", PARTY, layout))
    assert [words for _, _, words in found] == [
        "consult residents before any road is closed",
        "plant trees along every lane",
        "Reopen the pool at Lime Grove",
        "We will ask each family by May 2028",
    ]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Build 500 homes by 2028.", "firm"),
        ("No new car parks.", "negative"),
        ("We will never sell the playing fields.", "negative"),
        ("Explore a new station at Denholt.", "intention"),
        ("Continue to fund the wardens.", "ongoing"),
        ("If the county agrees, open a second bus lane.", "conditional"),
    ],
)
def test_the_kind_of_a_point_is_told_by_its_words(words: str, kind: str) -> None:
    point = point_of(words, [(0, len(words))])
    assert point is not None and point[1] == kind


@pytest.mark.parametrize(
    ("words", "to_be_done"),
    [
        ("notes the report.", False),
        ("delegates authority to the Director of Place to award the contract; and", False),
        ("to note the contents of the report", False),
        ("authority be delegated to the Director of Place to award the contracts;", False),
        ("the Director of Transport be authorised to finalise the report; and", False),
        ("notes the report and approves £2m for the baths.", True),
        ("approves £2m for the baths.", True),
    ],
)
def test_what_is_only_noted_or_delegated_is_nothing_to_be_done(words: str, to_be_done: bool) -> None:
    assert (point_of(words, [(0, len(words))]) is not None) == to_be_done


@pytest.mark.slow
def test_minutes_give_resolutions_and_actions_with_owner_and_date() -> None:
    document = read_pdf((FOLDER / "minutes.pdf").read_bytes())
    last = document.text.index("53. ")
    table = document.text.index("Summary of actions")
    shortened = document.text[:last] + document.text[table:]
    read_so = read(shortened, "minutes", COUNCIL)
    found = {
        (words, statement.speaker or statement.body, commitment.deadline and commitment.deadline.last)
        for statement, commitment, words in told(read_so)
    }
    assert found >= {
        ("£1.2 million be allocated from reserves to buy 12 family homes by 31 March 2026", COUNCIL,
         date(2026, 3, 31)),
        ("to report back on purchases by 30 January 2026", "Una Carr", date(2026, 1, 30)),
        ("the contract for the new pool at Southwick be let by 1 December 2025", COUNCIL, date(2025, 12, 1)),
        ("to publish the business case by the end of November", "Jo Frost", date(2025, 11, 30)),
        ("evening parking charges in the town centre be removed from 1 January 2026", COUNCIL,
         date(2026, 1, 1)),
        ("to change the signs in all six car parks by 24 December 2025", "Les Hope", date(2025, 12, 24)),
        ("Bring the parking income figures to the next meeting | Mr Les Hope | 11 November 2025", "Les Hope",
         date(2025, 11, 11)),
    }  # fmt: skip
    whole = "\n".join(said(read_so))
    for vote in (
        "recorded vote",
        "For: Councillors",
        "lost by 3 votes",
        "carried",
        "Councillors Marsh, Danby",
    ):
        assert vote not in whole
    assert not any("be noted" in words or "press and public" in words for words, _, _ in found)


@pytest.mark.slow
def test_the_forms_in_which_minutes_resolve_and_give_to_do() -> None:
    text = (
        "Wick Parish Council\n\nPresent: Cllr Jo Frost, Cllr Sam Marsh, Ms Una Carr (Clerk)\n\n"
        "4. It was resolved that the hall roof be mended by May 2026.\n\n"
        "5. Members agreed unanimously that a bench be bought.\n\n"
        "Resolved: to plant ten trees on the green.\n\n"
        "Action: Clerk to write to the county by 1 November 2025.\n\n"
        "The Council resolved to:\n\n(a) open the car park on Sundays;\n\n(b) close the lane in June.\n\n"
        "Cllr Marsh proposed that the fee be cut. The motion was lost."
    )
    found = [
        (words.rstrip(";"), statement.speaker or statement.body)
        for statement, _, words in told(read(text, "minutes", "Wick Parish Council"))
    ]
    assert found == [
        ("the hall roof be mended by May 2026", "Wick Parish Council"),
        ("a bench be bought", "Wick Parish Council"),
        ("to plant ten trees on the green", "Wick Parish Council"),
        ("to write to the county by 1 November 2025", "Una Carr"),
        ("open the car park on Sundays", "Wick Parish Council"),
        ("close the lane in June", "Wick Parish Council"),
    ]


RELEASE = """\
Denholt Council has reopened the Otter Bridge to traffic, eleven days before the date that it had set.

The work is to be finished by 31 October 2026, and the car park below the bridge will be free until Christmas.

“We said October and we kept to it,” said Councillor Imke Sandford, leader of the council."""


@pytest.mark.parametrize(
    ("kind", "outlet", "body"),
    [
        ("press_release", COUNCIL, COUNCIL),
        ("news", f"{COUNCIL} Newsroom", COUNCIL),
        ("news", "Denholt Echo", None),
    ],
)
def test_what_nobody_says_in_a_release_its_publisher_does(kind: str, outlet: str, body: str | None) -> None:
    line = {"id": "x", "text": RELEASE, "title": "Otter Bridge open again", "kind": kind, "outlet": outlet}
    said = [s for _, e in read_promises([line], Register(()), MODEL).extracted for s in e.statements]
    told = {RELEASE[slice(*s.content[0])][:16]: (s.speaker, s.body) for s in said}
    assert told["The work is to b"] == (None, body)
    assert told["We said October "][0] == "Imke Sandford"


@pytest.mark.slow
def test_what_an_item_is_called_is_nobody_who_is_to_do_something() -> None:
    lines = (
        "Minutes of Wick Parish Council",
        "5. Changes to the Constitution",
        "6. Access to green space in Wick",
        "7. Grants to local groups",
        "8. Clerk to the Council",
        "Action: Report to the next meeting of the council.",
        "9. Cllr Frost to water the tubs by the lychgate.",
        "10. Clerk to contact the county about the lane.",
    )
    text, layout = "", []
    for line in lines:
        text += "\n\n" if text else ""
        layout.append(Laid("heading", (len(text), len(text) + len(line))))
        text += line
    found = read(text, "minutes", "Wick Parish Council", layout)
    assert [(words, statement.source_name) for statement, _, words in told(found)] == [
        ("Report to the next meeting of the council", ""),
        ("to water the tubs by the lychgate", "Cllr Frost"),
        ("to contact the county about the lane", "Clerk"),
    ]


def test_what_was_not_agreed_binds_nobody() -> None:
    text = (
        "2. Hall\nIt was agreed that the hall roof be mended by May 2026.\n\n"
        "1. Library\nIt was not agreed that the library in Mill Lane be closed by March 2026."
    )
    found = read(text, "minutes", COUNCIL).commitments.values()
    words = [text[slice(*one.span)] for mine in found for one in mine]
    assert words == ["the hall roof be mended by May 2026"]


WICK = "Wick Parish Council"
ATTENDING = (
    f"{WICK}\n\nMinutes of the meeting held on 14 October 2025\n\n"
    "Present: Cllr Jo Brown (Chair), Cllr Sam Marsh, Ms Una Carr (Clerk)\n\n"
)


@pytest.mark.slow
def test_an_action_with_nothing_but_its_owner_is_what_stands_before_it() -> None:
    lines = (
        "1. Hedge\nThe hedge in Mill Lane is to be cut back before the spring.\nAction: Clerk",
        "2. Play area\nThe slide needs new bolts. ACTION: Cllr Brown",
        "3. Signs\nAction – the Clerk to write to the county about the signs by 1 December 2025.",
        "4. Shelter\nIt was filthy. It will be painted next summer. [Action: JB]",
        "5. Grit bins\nThe grit bins will be filled. (Action: SM by 30 November 2025)",
        "6. Website\nAction: Clerk",
        "7. Lamps\nACTION (Clerk): obtain three quotes for the lamps in Hall Road",
        "8. RESOLVED: that the accounts be published by 1 December 2025. Action: Clerk",
        "9. Action: None",
        "10. The report of the Climate Action Group",
        "Item | Minute | Action\n\n11 | The bench by the pond will be mended. | Clerk",
        "12 | It was agreed that the tree be felled by March 2026. | ",
        "13 | Flooding was discussed. | Cllr Marsh to meet the engineer by 12 November 2025.",
    )
    found = [
        (words, statement.speaker or statement.body, commitment.deadline and commitment.deadline.last)
        for statement, commitment, words in told(read(ATTENDING + "\n\n".join(lines), "minutes", WICK))
    ]
    assert found == [
        ("The hedge in Mill Lane is to be cut back before the spring", "Una Carr", date(2026, 2, 28)),
        ("The slide needs new bolts", "Jo Brown", None),
        ("to write to the county about the signs by 1 December 2025", "Una Carr", date(2025, 12, 1)),
        ("It will be painted next summer", "Jo Brown", date(2026, 8, 31)),
        ("The grit bins will be filled", "Sam Marsh", date(2025, 11, 30)),
        ("obtain three quotes for the lamps in Hall Road", "Una Carr", None),
        ("the accounts be published by 1 December 2025", WICK, date(2025, 12, 1)),
        ("The bench by the pond will be mended", "Una Carr", None),
        ("the tree be felled by March 2026", WICK, date(2026, 3, 31)),
        ("to meet the engineer by 12 November 2025", "Sam Marsh", date(2025, 11, 12)),
    ]


@pytest.mark.slow
def test_what_is_resolved_is_read_to_the_last_item() -> None:
    text = (
        f"{COUNCIL}\n\nMinutes of the Cabinet\n\nIt was RESOLVED unanimously:\n\nThat\n\n"
        "(a) a skills academy be opened by September 2027;\n\n(b) the wardens be kept;\n\n"
        "(c) that a report on potholes be brought in March 2027.\n\nThe meeting ended at noon."
    )
    found = [(words.rstrip(";"), s.body) for s, _, words in told(read(text, "minutes", COUNCIL))]
    assert found == [
        ("a skills academy be opened by September 2027", COUNCIL),
        ("the wardens be kept", COUNCIL),
        ("a report on potholes be brought in March 2027", COUNCIL),
    ]


ANSWERS = {  # how the answer is headed; who is told to have said it, in what role, of which body
    "Senedd Cymru: written questions": (
        "Answer",
        (None, "other_official", "Welsh Government"),
    ),
    "Scottish Parliament: written questions": (
        "Answered by Calum Dreghorn on 12 May 2026",
        ("Calum Dreghorn", "minister", "Scottish Government"),
    ),
    "UK Parliament: written questions and answers": (
        "Answered by Orla Devine, Minister of State",
        ("Orla Devine", "minister", "UK Government"),
    ),
    "Oireachtas: parliamentary questions": (
        "Answer\n\nMinister for Ports (Deputy Nuala Corr): The slipway is safe.",
        ("Nuala Corr", "minister", "Irish Government"),
    ),
}


@pytest.mark.slow
def test_a_written_answer_is_that_of_who_gives_it_and_of_nobody_in_it() -> None:
    asked = "Ruth Amble asked the Minister when the slipway at Penfor will be open again."
    answer = (
        "Siân Morlais, the leader of Penfor Council, met Mr Owen Tarle in March. She said that the Northern "
        "Ireland Executive had been asked. We will reopen the slipway by 1 September 2026."
    )
    lines = [
        {
            "id": outlet,
            "outlet": outlet,
            "title": "Slipways",
            "kind": "written_answer",
            "published": "2026-05-12T00:00:00+00:00",
            "text": f"{asked}\n\n{head}\n\n{answer}",
        }
        for outlet, (head, _) in ANSWERS.items()
    ]
    found = read_promises(lines, Register(()), MODEL)
    for article, extraction in found.extracted:
        said = {(one.speaker, one.role, one.body) for one in extraction.statements}
        assert said == {ANSWERS[article.outlet][1]}
        assert all(one.content[0][0] > len(asked) for one in extraction.statements), (
            "a question is no statement"
        )
    assert len(found.extracted) == len(lines)
