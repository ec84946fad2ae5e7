"""Statements with cue and source, pattern by pattern, on sentences of our own."""

from __future__ import annotations

from typing import Any

import pytest

from nlp.components import load_model
from nlp.pipeline import MODEL
from nlp.statements.extract import find_statements, read_page

Row = tuple[str, list[str], str, str]


def found(text: str) -> list[Row]:
    """(kind, contents, source with carried ones resolved, cue) of each statement."""
    doc = load_model(MODEL)(text)
    statements = find_statements(read_page(doc))
    rows: list[Row] = []

    def cut(spans: Any) -> str:
        return " ".join(text[s:e] for s, e in spans)

    for one in statements:
        head = one
        while head.carried is not None:
            head = statements[head.carried]
        rows.append((one.kind, [text[s:e] for s, e in one.content], cut(head.source), cut(one.cue)))
    return rows


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("“We will act,” the mayor said.", ("direct", ["We will act"], "the mayor", "said")),
        ("“We will act,” said Cllr Ann Lee.", ("direct", ["We will act"], "Cllr Ann Lee", "said")),
        ("Cllr Ann Lee said: “We will act.”", ("direct", ["We will act."], "Cllr Ann Lee", "said")),
        (
            "“We will act,” she said, “and we will act soon.”",
            ("direct", ["We will act", "and we will act soon."], "she", "said"),
        ),
        ("‘We will act,’ he grinned.", ("direct", ["We will act"], "he", "grinned")),
        (
            "Ann Lee: “We will act before Christmas.”",
            ("direct", ["We will act before Christmas."], "Ann Lee", ""),
        ),
        (
            "The minister said that the road would open in May.",
            ("indirect", ["the road would open in May"], "The minister", "said"),
        ),
        ("The road will open in May, she said.", ("indirect", ["The road will open in May"], "she", "said")),
        (
            "He called the plan “a total disaster”.",
            ("mixed", ["“a total disaster”"], "He", "called"),
        ),
        (
            "Jones said the plan was “a total disaster” for the town.",
            ("mixed", ["the plan was “a total disaster” for the town"], "Jones", "said"),
        ),
        (
            "The leader vowed to build 300 homes by 2030.",
            ("indirect", ["to build 300 homes by 2030"], "The leader", "vowed"),
        ),
        (
            "According to the council, bins will be emptied weekly.",
            ("indirect", ["bins will be emptied weekly"], "the council", "According to"),
        ),
        (
            "She went on to explain that the data was missing in two thirds of cases.",
            ("indirect", ["the data was missing in two thirds of cases"], "She", "explain"),
        ),
        ("Lee shouted “Stay where you are!”", ("direct", ["Stay where you are!"], "Lee", "shouted")),
        (
            "The crowd outside the town hall chanted: “We want our library back.”",
            ("direct", ["We want our library back."], "The crowd outside the town hall", "chanted"),
        ),
        (
            "The council said the bridge would open in May — a date it has moved twice.",
            ("indirect", ["the bridge would open in May"], "The council", "said"),
        ),
        (
            "The minister said the fund would double, although no date was given.",
            ("indirect", ["the fund would double"], "The minister", "said"),
        ),
        (
            "Lee repeated her pledge to freeze the fares until 2028.",
            ("indirect", ["to freeze the fares until 2028"], "her", "pledge"),
        ),
        (
            "The mayor praised the volunteers of Mill Street.",
            ("indirect", ["the volunteers of Mill Street"], "The mayor", "praised"),
        ),
        (
            "Jones said the road was safe, and it would stay open all winter.",
            ("indirect", ["the road was safe, and it would stay open all winter"], "Jones", "said"),
        ),
        (
            "According to a survey by the county, most drivers want a lower limit.",
            ("indirect", ["most drivers want a lower limit"], "a survey by the county", "According to"),
        ),
        (
            "“It will open in May,” Cllr. Ann Lee (Lab) said.",
            ("direct", ["It will open in May"], "Ann Lee", "said"),
        ),
        (
            "Lee said,“We will act now.”",
            ("direct", ["We will act now."], "Lee", "said"),
        ),
        (
            "“The roof is unsafe,” according to the surveyors.",
            ("direct", ["The roof is unsafe"], "the surveyors", "according"),
        ),
        (
            "She was asked by Ann Lee: “Will it ever open?”",
            ("direct", ["Will it ever open?"], "Ann Lee", "asked"),
        ),
        (
            "Lee told them that “the road will open. It will be free.”",
            ("direct", ["the road will open. It will be free."], "Lee", "told"),
        ),
        (
            "The council issued a statement saying the pool would close.",
            ("indirect", ["the pool would close"], "The council", "saying"),
        ),
        (
            "Lee was quoted as saying the pool would close.",
            ("indirect", ["the pool would close"], "Lee", "saying"),
        ),
        (
            "If re-elected, Lee said she would freeze the fares.",
            ("indirect", ["If re-elected", "she would freeze the fares"], "Lee", "said"),
        ),
        (
            "Voters, Lee said, will not have to pay twice.",
            ("indirect", ["Voters", "will not have to pay twice"], "Lee", "said"),
        ),
        (
            "But, Lee added, the pool would stay open.",
            ("indirect", ["the pool would stay open"], "Lee", "added"),
        ),
        (
            "As the minister said, the fund is empty.",
            ("indirect", ["the fund is empty"], "the minister", "said"),
        ),
        (
            "Lee said in a statement on Monday that the pool would close.",
            ("indirect", ["the pool would close"], "Lee", "said"),
        ),
        (
            "Lee said the pool would close and that the baths would follow.",
            ("indirect", ["the pool would close and that the baths would follow"], "Lee", "said"),
        ),
        (
            "Lee promised 300 more officers by 2027.",
            ("indirect", ["300 more officers by 2027"], "Lee", "promised"),
        ),
        (
            "The mayor told The Courier that the bridge would open in May.",
            ("indirect", ["the bridge would open in May"], "The mayor", "told"),
        ),
        (
            "Lee talked about the need for a new bridge.",
            ("indirect", ["the need for a new bridge"], "Lee", "talked"),
        ),
        (
            "Lee criticised the board for closing the pool.",
            ("indirect", ["the board for closing the pool"], "Lee", "criticised"),
        ),
        (
            "Shelters at the bus station are to be replaced by August, added the leader.",
            ("indirect", ["Shelters at the bus station are to be replaced by August"], "the leader", "added"),
        ),
        (
            "“We will build it,’ said Ann Lee. “It will open in May.",
            ("direct", ["We will build it", "It will open in May."], "Ann Lee", "said"),
        ),
        (
            "Lee promised to rebuild the pool and to open it by June.",
            ("indirect", ["to rebuild the pool and to open it by June"], "Lee", "promised"),
        ),
    ],
)
def test_one_statement(text: str, wanted: Row) -> None:
    assert found(text) == [wanted]


def test_a_cue_within_its_clause_is_no_part_of_it() -> None:
    rows = found("Lee asked for an audit of the data, which she claims ‘had never been done in forty years’.")
    assert (["which", "‘had never been done in forty years’"], "she") in [(row[1], row[2]) for row in rows]


def test_a_sentence_that_ends_within_its_marks_is_not_attributed_behind_them() -> None:
    rows = found("Lee said: “We shall see.” Asked again, Jones replied: “Never.”")
    assert [(row[1], row[2]) for row in rows] == [(["We shall see."], "Lee"), (["Never."], "Jones")]


def test_two_cues_beside_two_quotations_are_two_statements() -> None:
    rows = found("“It is late,” Lee says. “It is also too dear for this town,” he adds.")
    assert [(row[2], row[3]) for row in rows] == [("Lee", "says"), ("he", "adds")]


def test_two_cues_are_two_statements() -> None:
    rows = found("Lee claimed the survey was late and called on the council to publish it.")
    assert [(row[1], row[2], row[3]) for row in rows] == [
        (["the survey was late"], "Lee", "claimed"),
        (["the council to publish it"], "Lee", "called"),
    ]


def test_a_report_ends_before_what_is_added() -> None:
    rows = found("Lee told reporters it would be spent by 2027, before adding: “That is a promise.”")
    assert [(row[1], row[2], row[3]) for row in rows] == [
        (["it would be spent by 2027"], "Lee", "told"),
        (["That is a promise."], "Lee", "adding"),
    ]


def test_two_quotations_with_nothing_between_are_two_peoples() -> None:
    rows = found("Lee asked the mayor: “Will you build it?” “Yes,” she replied.")
    assert [(row[1], row[2]) for row in rows] == [(["Will you build it?"], "Lee"), (["Yes"], "she")]


def test_according_to_ends_where_another_reports() -> None:
    rows = found("According to Lee, the plan is dead, but Jones said it would go ahead.")
    assert [(row[1], row[2]) for row in rows] == [
        (["the plan is dead"], "Lee"),
        (["it would go ahead"], "Jones"),
    ]


def test_the_speaker_goes_on_and_stops() -> None:
    text = (
        "Cllr Ann Lee said: “The first paragraph stays open.\n\n“The second one closes.”\n\n"
        "Mr Bob Roy said he disagreed.\n\n“I have never heard such nonsense in my life.”"
    )
    assert [row[2] for row in found(text)] == ["Cllr Ann Lee", "Cllr Ann Lee", "Mr Bob Roy", "Mr Bob Roy"]


def test_a_line_that_ends_in_a_colon_introduces_the_next() -> None:
    rows = found("In a statement, Cllr Ann Lee said:\n\n“We will act before the summer.”")
    assert rows == [("direct", ["We will act before the summer."], "Cllr Ann Lee", "said")]


def test_no_advertisement_inside_a_statement() -> None:
    text = "Lee said: “We must act now.\nAdvertisement\nHide AdAdvertisement\n“And we will act,” she said."
    assert not any("Ad" in part for row in found(text) for part in row[1])


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “smart” motorway was closed.",
        "The mayor did not say whether the road would open.",
        "The play, “A Winter’s Tale”, opens in May.",
        "He would say that, critics could argue.",
        "As an immigrant, she felt for the family.",
        "The mayor called the show “Bridge of Spies”.",
    ],
)
def test_no_statement(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "\x00\x01\x02",
        "“" * 300,
        "SAID " * 300,
        "Он сказал: «Мы построим школу».",
        "a" * 5_000,
        "said said said",
    ],
)
def test_odd_texts_give_an_answer(text: str) -> None:
    for _, content, _, _ in found(text):
        assert all(part and part in text for part in content)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Residents were told by Cllr Ann Lee that the road would open in May.",
            [("indirect", ["the road would open in May"], "Cllr Ann Lee", "told")],
        ),
        (
            "Families were promised by the minister that no school would shut.",
            [("indirect", ["no school would shut"], "the minister", "promised")],
        ),
        (
            "Engineers said that the bridge was safe, but Hexley’s leader, Ann Lee, said it was not.",
            [
                ("indirect", ["the bridge was safe"], "Engineers", "said"),
                ("indirect", ["it was not"], "Ann Lee", "said"),
            ],
        ),
        (
            "Mr Roy said the leader, Ann Lee, had sold the hall to a friend, adding that it was worth more.",
            [
                ("indirect", ["the leader, Ann Lee, had sold the hall to a friend"], "Mr Roy", "said"),
                ("indirect", ["it was worth more"], "Mr Roy", "adding"),
            ],
        ),
        (
            "Paths: Cllr Lee reported that the gates had come.",
            [("indirect", ["the gates had come"], "Cllr Lee", "reported")],
        ),
        (
            "Cllr Ann Lee said: ‘We have waited for this.\n\n‘It will open in May.’",
            [
                ("direct", ["We have waited for this."], "Cllr Ann Lee", "said"),
                ("direct", ["It will open in May."], "Cllr Ann Lee", ""),
            ],
        ),
    ],
)
def test_whose_words_a_sentence_of_two_reports_holds(text: str, wanted: list[Row]) -> None:
    assert found(text) == wanted


def test_who_only_asked_has_said_nothing() -> None:
    assert found("The leader was asked by a resident whether the road would open.") == []
