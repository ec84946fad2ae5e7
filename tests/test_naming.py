"""Who is named: full names by their surroundings, parts of them alone, and the parse under stand-ins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.components import load_model
from nlp.names.find import Name, find_names
from nlp.names.standins import parsed
from nlp.pipeline import MODEL
from nlp.text.boilerplate import without_unseen
from tests.test_speakers import of


def names(text: str) -> list[Name]:
    return find_names(text, (), (), frozenset())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Council leader Thrynn Ó Bracáin left", ("Thrynn", "Ó", "Bracáin")),
        ("Thrynn al-Bracan, who chairs it, left", ("Thrynn", "al-Bracan")),
        ("Thrynn Bracan, 45, left", ("Thrynn", "Bracan")),
        ("Thrynn Bracan, Harle Council’s cabinet member for roads, left", ("Thrynn", "Bracan")),
        ("Thrynn Bracan OBE left", ("Thrynn", "Bracan")),
        ("The MP for Harle East, Thrynn Bracan, left", ("Thrynn", "Bracan")),
        ("The politician who chairs it, Thrynn Bracan, left", ("Thrynn", "Bracan")),
        ("Chief Inspector Thrynn So left", ("Thrynn", "So")),
        ("councillor J. R. Bracan left", ("J.", "R.", "Bracan")),
        ("SIMON O’BRACAN left", ("Simon", "O’Bracan")),
        # first names and surnames that are months, days, feasts, ranks
        ("Cllr June Bracan left", ("June", "Bracan")),
        ("COUNCILLOR JUNE BRACAN: no", ("June", "Bracan")),
        ("COUNCILLOR IAN BRACAN: no", ("Ian", "Bracan")),
        ("council leader Sunday Bracan left", ("Sunday", "Bracan")),
        ("Cllr Friday Bracan left", ("Friday", "Bracan")),
        ("councillor Derek Christmas left", ("Derek", "Christmas")),
        ("Sgt Derek Constable left", ("Derek", "Constable")),
        ("Haulier Derek Bracan left", ("Derek", "Bracan")),
        ("Thrynn Derek Bracan left", ("Thrynn", "Derek", "Bracan")),
        ("Mayor of Harle Derek Bracan left", ("Derek", "Bracan")),
        ("Mayor of Harle Thrynn Bracan left", ("Thrynn", "Bracan")),
        ("Minister of State Derek Bracan left", ("Derek", "Bracan")),
        ("Baroness Thrynn Bracan of Harle Green, a peer, left", ("Thrynn", "Bracan")),
        ("councillor Thrynn Bracan TD left", ("Thrynn", "Bracan")),
        ("Sheriff Thrynn Bracan left", ("Thrynn", "Bracan")),
        ("Simon\u00a0Bra\u00adcan left", ("Simon", "Bracan")),
        ("the Lord Provost of Harle, Thrynn Bracan, left", ("Thrynn", "Bracan")),
    ],
)
def test_a_name_is_told_by_what_stands_around_it(text: str, words: tuple[str, ...]) -> None:
    (name,) = names(text)
    assert (name.words, name.sure) == (words, True)


@pytest.mark.parametrize(
    "text",
    [
        "After meeting the leader of the council, Severn Bracan said it would pay",
        "the Thrynn Bracan MP left",
        "Thrynn Bracan, a village in the hills, was cut off",
        "the owner, Thrynn Bracan of Harle, closed",
    ],
)
def test_capitals_alone_are_nobody(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("introduced", "later", "found"),
    [
        ("Council leader Kevin May", "May said it was done by May.", ["May"]),
        ("Council leader Kevin May", "The road opens in May.", []),
        ("Council leader Alison Read", "Read the report. Cole met Read and left.", ["Read"]),
        ("Council leader Ann Court", "The Crown Court sat. The Court rose. Court’s plan fell.", ["Court"]),
        ("Council leader Thrynn Bracan", "Bracan Street was shut. “No,” said Bracan.", ["Bracan"]),
        (
            "Council leader Sinéad Ní Bracán",
            "Ní Bracán and NÍ BRACÁN, not Bracán Lane.",
            ["Ní Bracán", "NÍ BRACÁN"],
        ),
        (
            "Council leader Pia van Bracan",
            "Van Bracan spoke. Later van Bracan left.",
            ["Van Bracan", "van Bracan"],
        ),
        ("Cllr Bracan", "Bracan said no.", ["Bracan"]),
        ("Council leader Min-jun Oh", "Oh told them. Oh, and Oh’s plan fell.", ["Oh", "Oh"]),
    ],
)
def test_parts_of_a_name_stand_alone_once_it_was_given(introduced: str, later: str, found: list[str]) -> None:
    text = f"{introduced} left.\n\n{later}"
    alone = [text[slice(*name.span)] for name in names(text) if name.span[0] > len(introduced)]
    assert alone == found


def test_a_surname_of_several_words_behind_a_title_is_no_full_name() -> None:
    assert [name.full for name in names("Cllr Mac Bracan left. Cllr Ann Bracan left.")] == [False, True]


def test_names_are_parsed_under_stand_ins_and_keep_their_words() -> None:
    text = "Ní  Bracán said so.\n\nMei Ling Oh’s plan"
    (doc,) = parsed(load_model(MODEL), [(text, [(0, 10), (21, 32)])], 1)
    assert doc.text == text
    assert [t.text for t in doc if t.tag_ == "NNP"] == ["Ní", " Bracán", "Mei", "Ling Oh"]
    assert [t.text for t in doc if t.dep_ == "nsubj"] == [" Bracán"]


def test_a_first_name_does_not_gainsay_a_pronoun() -> None:
    text = "Farah Dirie, the mayor of Harle, has a plan.\n\n“I will find the money for it,” {} said."
    assert of(text.format("he"), "I will find").speaker == "Farah Dirie"
    assert of(text.format("she"), "I will find").speaker == "Farah Dirie"


def test_an_initial_stands_for_the_one_whom_it_fits() -> None:
    text = "Councillor Thrynn Bracan voted against. Cllr T. Bracan said the ward had been forgotten."
    assert of(text, "the ward had been forgotten").speaker == "Thrynn Bracan"


def test_what_nobody_sees_is_in_no_name_and_in_every_offset() -> None:
    text = (
        "Coun\u00adcillor Jen\u00adna Whit\u00adlock said: “We will re\u00adsur\u00adface Bell\u200b Lane.”"
    )
    statement = of(text, "re\u00adsur\u00adface")
    assert (statement.speaker, statement.role) == ("Jenna Whitlock", "councillor")
    ((start, end),) = statement.content
    assert text[start:end] == "We will re\u00adsur\u00adface Bell\u200b Lane."


@given(st.text(alphabet="ab \u00ad\u200b\n", max_size=30), st.data())
def test_spans_come_back_around_the_same_words(text: str, data: st.DataObject) -> None:
    seen = without_unseen(text)
    start = data.draw(st.integers(0, len(seen.text)))
    end = data.draw(st.integers(start, len(seen.text)))
    ((left, right),) = seen.there(((start, end),))
    assert without_unseen(text[left:right]).text == seen.text[start:end]
    assert 0 <= left <= right <= len(text)
