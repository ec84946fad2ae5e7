"""Words without marks behind who says them, and speakers named beside a quotation without a verb."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.types import Article
from nlp.officials.register import Register
from nlp.pipeline import extract

TRANSCRIPT = (
    "Partial transcript of the hearing:\n\nSHAW: We will build the bridge by May.\n\n"
    "CLLR LEE: Who will pay for it?\n\nSHAW: The combined authority will.\n\nIt has the money.\n\n"
    "CLLR LEE: Thank you for that.\n\n"
    "Mayor Jo Shaw was speaking to the transport committee. Cllr Ann Lee is its vice-chair."
)


def spoken(text: str) -> list[tuple[str, str | None]]:
    """The words of each statement with their speaker."""
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    article = Article(id="a", outlet="o", url="u", title="", text=text, published=moment)
    ((_, extraction),) = extract([article], Register(()))
    return [(" ".join(text[s:e] for s, e in one.content), one.speaker) for one in extraction.statements]


def test_a_transcript_goes_from_label_to_label() -> None:
    assert spoken(TRANSCRIPT) == [
        ("We will build the bridge by May.", "Jo Shaw"),
        ("Who will pay for it?", "Ann Lee"),
        ("The combined authority will.", "Jo Shaw"),
        ("It has the money.", "Jo Shaw"),
        ("Thank you for that.", "Ann Lee"),
    ]


def test_answers_are_kept_and_questions_are_nobodys() -> None:
    text = (
        "Mayor Jo Shaw took questions from readers.\n\nQ: Will you build the bridge?\n\n"
        "A: Yes, we will build it by May.\n\nQ: And the tram?\n\nA: I can't promise that."
    )
    assert spoken(text) == [
        ("Yes, we will build it by May.", "Jo Shaw"),
        ("I can't promise that.", "Jo Shaw"),
    ]


def test_an_answer_is_nobodys_where_it_could_be_two_peoples() -> None:
    text = (
        "Mayor Jo Shaw and Cllr Ann Lee took questions.\n\nQ: Will you build it?\n\nA: Yes, we will.\n\n"
        "Q: By when, do you think?\n\nA: By May next year."
    )
    assert spoken(text) == [("Yes, we will.", None), ("By May next year.", None)]


def test_initials_stand_for_the_only_one_who_has_them() -> None:
    text = (
        "We spoke to Mayor Jo Shaw about the bridge.\n\nHC: Will you build the bridge?\n\n"
        "JS: Yes, we will build it.\n\nHC: And the tram?\n\nJS: I can't promise that."
    )
    assert spoken(text) == [("Yes, we will build it.", "Jo Shaw"), ("I can't promise that.", "Jo Shaw")]


@pytest.mark.parametrize(
    "text",
    [
        "Cost: about eight million pounds.\n\nThe bridge will open in May.",
        "Update: The road has been opened again.\n\nIt was shut on Monday.",
        "Shaw Report: Northern leaders respond to the audit\n\nThe audit was published on Monday.",
        "Jo Shaw: Bridge will open in May.\n\nThe bridge was closed in March.",
        "TURNOUT: It was 34 per cent this time.\n\nTURNOUT: It was 31 per cent last time.",
        "Mayor: Jo Shaw, elected in 2024.\n\nMayor: Ann Lee, elected in 2020.",
        "Where: Hexley Town Hall on Monday.\n\nWhen: Seven in the evening, doors at six.",
    ],
)
def test_other_labels_are_no_speakers(text: str) -> None:
    assert [(words, speaker) for words, speaker in spoken(text) if speaker is not None] == []


def test_a_block_behind_a_lead_in_ends_where_the_report_goes_on() -> None:
    text = (
        "In a statement, Cllr Ann Lee, leader of Hexley Council, said:\n\n"
        "We will build the bridge before Christmas.\n\nWe have the money for it.\n\n"
        "The council meets on Tuesday."
    )
    assert spoken(text) == [
        ("We will build the bridge before Christmas.", "Ann Lee"),
        ("We have the money for it.", "Ann Lee"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“We will build the bridge by May.” – Mayor Jo Shaw",
        "“We will build the bridge by May.”\n\n— Mayor Jo Shaw, speaking on Monday",
        "“We will build the bridge by May.”\n\nMayor Jo Shaw, Hexley Combined Authority",
        "What they said:\n\nMayor Jo Shaw\n\n“We will build the bridge by May.”",
        "Mayor Jo Shaw: “We will build the bridge by May.”",
        "Mayor Jo Shaw: We will build the bridge by May.",
    ],
)
def test_a_name_beside_a_quotation(text: str) -> None:
    assert spoken(text) == [("We will build the bridge by May.", "Jo Shaw")]


def test_a_caption_over_a_quotation_names_no_speaker() -> None:
    text = (
        "Cllr Ann Lee said the bridge was late.\n\n“It should have been open by now, and it is not.”\n\n"
        "Mayor Jo Shaw\n\n“We are all tired of waiting for it,” she said."
    )
    assert spoken(text)[1] == ("It should have been open by now, and it is not.", "Ann Lee")
