"""Forms of text without quotation marks: blocks, letters, interviews, each with whose words they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.types import Article, Laid, Official, Post
from nlp.annotate import annotate
from nlp.officials.register import Register
from nlp.pipeline import MODEL, extract

Said = tuple[str, str | None]


def spoken(text: str, title: str = "", byline: str = "", register: Register | None = None) -> list[Said]:
    """The words of each statement with their speaker."""
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    article = Article("a", "o", "u", title, text, byline=byline, published=moment)
    ((_, extraction),) = extract([article], register or Register(()))
    return [(" ".join(text[s:e] for s, e in one.content), one.speaker) for one in extraction.statements]


RELEASE = (
    "Work on the Hexley bypass has begun.\n\nCouncillor Ann Lee, cabinet member for roads, said:\n\n"
    "We have waited nine years for this.\n\nThe first mile is the hardest. There is rock under it.\n\n"
    "I will not rest until it is open.\n\n{after}"
)
BLOCK = [
    ("We have waited nine years for this.", "Ann Lee"),
    ("The first mile is the hardest. There is rock under it.", "Ann Lee"),
    ("I will not rest until it is open.", "Ann Lee"),
]


@pytest.mark.parametrize(
    "after",
    [
        "The road will be four miles long.",
        "Background\n\nThe bypass was first drawn in 1989, as we reported in May.",
        "Notes to editors\n\nWe are a council of 60 members.",
        "ENDS",
        "The county engineer said the rock was soft.",
        "Call us on 101, or use our website to report a fault.",
    ],
)
def test_a_block_ends_where_it_no_longer_sounds_spoken(after: str) -> None:
    assert spoken(RELEASE.format(after=after))[:3] == BLOCK
    assert not any(
        one in after for one, speaker in spoken(RELEASE.format(after=after)) if speaker == "Ann Lee"
    )


def test_one_block_follows_another() -> None:
    after = "Mayor Jo Shaw added:\n\nThis is a good day for Hexley."
    assert spoken(RELEASE.format(after=after)) == [*BLOCK, ("This is a good day for Hexley.", "Jo Shaw")]


def test_a_quotation_behind_a_block_is_somebody_elses() -> None:
    after = "“We are glad of it too,” said Mayor Jo Shaw."
    assert spoken(RELEASE.format(after=after)) == [*BLOCK, ("We are glad of it too", "Jo Shaw")]


@pytest.mark.parametrize(
    "lead",
    [
        "Passing sentence, Judge Ann Lee told him:",
        "Outside, Chief Inspector Ann Lee read a statement:",
        "Cllr Ann Lee sent us this:",
        "In a post on Monday, Cllr Ann Lee wrote:",
    ],
)
def test_a_block_is_introduced_in_many_words(lead: str) -> None:
    assert spoken(f"{lead}\n\nI have thought about this for a long time.") == [
        ("I have thought about this for a long time.", "Ann Lee")
    ]


@pytest.mark.parametrize(
    "lead",
    [
        "The board of Hexley Council is asked to:",
        "The works will be done in three parts:",
        "Cllr Ann Lee gave the following figures:",
    ],
)
def test_what_stands_behind_other_colons_is_nobodys(lead: str) -> None:
    found = spoken(f"{lead}\n\nThe road is to be dug up in May.\n\nIt is to be laid again in June.")
    assert {speaker for _, speaker in found} <= {None}


def test_an_interview_without_labels() -> None:
    text = (
        "Dr Ann Lee has run Hexley Hospital since May.\n\nHow long is the waiting list?\n\n"
        "It’s too long. We have 61,000 people on it.\n\nWhen will it be shorter?\n\n"
        "I hope by spring.\n\nYou have said that before.\n\nI have, and I’m saying it again.\n\n"
        "Will you resign if it is not?\n\nI will think about it when we get there.\n\n"
        "The hospital has 800 beds."
    )
    assert spoken(text) == [
        ("It’s too long. We have 61,000 people on it.", "Ann Lee"),
        ("I hope by spring.", "Ann Lee"),
        ("I have, and I’m saying it again.", "Ann Lee"),
        ("I will think about it when we get there.", "Ann Lee"),
    ]


def test_the_title_tells_who_is_interviewed() -> None:
    text = (
        "Jo Shaw stood down in May. Ann Lee followed her.\n\n**Did you want the job?**\n\nI did not.\n\n"
        "**Is the bridge safe?**\n\nWe think so.\n\n**And the tram?**\n\nI’m not going to guess."
    )
    assert [speaker for _, speaker in spoken(text, "The Monday interview: Ann Lee")] == ["Ann Lee"] * 3


ANSWERS = ["The budget. We have to find £11m.", "By March, all of it.", "I would rather finish it first."]


@pytest.mark.parametrize("title", ["Saltby’s new leader on homes", "You ask: Coun Ann Lee on homes"])
def test_answers_in_marks_are_of_who_is_introduced(title: str) -> None:
    asked = ["What comes first?", "When will the homes be built?", "And the library?"]
    turns = "\n\n".join(f"{q}\n\n“{a}”" for q, a in zip(asked, ANSWERS, strict=True))
    lead = "Saltby has a new leader. " + ("Coun Ann Lee was elected in May." if "new" in title else "")
    assert spoken(f"{lead}\n\n{turns}", title) == [(words, "Ann Lee") for words in ANSWERS]


def test_readers_questions_are_told_by_who_asks() -> None:
    text = (
        "We had 64 questions for the leader.\n\nMr Roe said there would be 42. I make it 31. (Derek)\n\n"
        "Derek is right. I’ll ask for the rest.\n\nWill the pool open? (Jo, Marsh)\n\nWe hope so.\n\n"
        "Is tax going up? (Anon)\n\nI don’t know yet.\n\nAnd the bins? (Moira)\n\nI’ll see to it."
    )
    found = spoken(text, "You ask, we ask: council leader Ann Lee")
    assert [speaker for _, speaker in found][-4:] == ["Ann Lee"] * 4


def test_an_answer_is_of_who_holds_office_until_somebody_else_is_brought_in() -> None:
    lead = (
        "Ann Lee, the Mayor of Fenby, spoke to Jo Shaw on Radio Fen.\n\nQ: Is it late?\n\nA: It is not.\n\n"
    )
    more = "Q: Thank you. Sam Orr is a nurse and was listening. Well?\n\nA: I do not believe it."
    assert [speaker for _, speaker in spoken(lead + more)] == ["Ann Lee", None]


def test_letters_on_a_page_of_letters_need_no_opening() -> None:
    text = (
        "Food waste\n\nI share her impatience. We have added 96 blocks.\n\nNo flat will be left out.\n\n"
        "Cllr Ann Lee, cabinet member for streets, Fenby Council\n\nThe lido\n\nWe were shown a plan.\n\n"
        "Jo Shaw, Friends of the Lido\n\nLetters may be edited."
    )
    assert [s for _, s in spoken(text, "Letters: food waste and the lido")] == [
        "Ann Lee",
        "Ann Lee",
        "Jo Shaw",
    ]


def test_a_report_on_letters_is_no_page_of_letters() -> None:
    text = "The council wrote to 4,000 homes in May.\n\nMost were empty.\n\nAnn Lee, Fenby Echo"
    assert spoken(text, "Letters sent to 4,000 homes") == spoken(text, "Homes get letters") == []


def test_questions_of_a_report_make_no_interview() -> None:
    text = (
        "Mayor Jo Shaw has a problem. Will the bridge open in May?\n\nThe steel is late.\n\n"
        "What does it cost?\n\nNobody knows. The council has not said.\n\nWho pays?\n\nThe county does."
    )
    assert spoken(text) == []


LETTER = (
    "The letter is printed in full.\n\nDear Jo,\n\nThank you for writing to me.\n\n"
    "The bridge will open in May. Officials have told me so.\n\n{closing}\n\nThe bridge was shut last year."
)


@pytest.mark.parametrize(
    "closing",
    [
        "Yours sincerely,\nAnn Lee\nMinister for Roads",
        "With best wishes,\n\nAnn Lee",
        "Yours ever, Ann Lee",
        "Ann Lee, Minister for Roads",
        "Ann Lee\nMinister for Roads",
    ],
)
def test_a_letter_is_its_signers(closing: str) -> None:
    assert spoken(LETTER.format(closing=closing)) == [
        ("Thank you for writing to me.", "Ann Lee"),
        ("The bridge will open in May. Officials have told me so.", "Ann Lee"),
    ]


def test_letters_of_a_page_end_with_their_names() -> None:
    text = (
        "Sir – The bridge is late again. I walk round.\n\nANN LEE\nMill Lane\n\n"
        "SIR, — I have no bridge at all.\n\nJO SHAW\nHexley"
    )
    assert [words for words, _ in spoken(text)] == [
        "The bridge is late again. I walk round.",
        "I have no bridge at all.",
    ]


def test_a_letter_that_nobody_signed_is_nobodys() -> None:
    found = spoken("Dear resident,\n\nWe will dig up the road in May.\n\nThe work takes a week.")
    assert [one for one in found if one != ("We will dig up the road in May", None)] == []


def test_a_host_makes_no_statements() -> None:
    text = (
        "DINA: Good morning, it’s ten past eight. Mayor Jo Shaw is here. When will it open?\n\n"
        "SHAW: In May.\n\nDINA: We’ve heard that before.\n\nSHAW: You have, and I’m sorry.\n\n"
        "DINA: Is there money for it?\n\nSHAW: There is.\n\nDINA: Thank you. Now the weather."
    )
    assert [words for words, _ in spoken(text)] == ["In May.", "You have, and I’m sorry.", "There is."]


@pytest.mark.parametrize(
    "label",
    [
        "CLLR LEE",
        "COUNCILLOR ANN LEE",
        "**Cllr Ann Lee**",
        "Cllr Ann Lee (Hexley North) (Lab)",
        "The Minister for Roads (Ann Lee)",
        "4. Cllr Ann Lee",
    ],
)
def test_labels_take_many_forms(label: str) -> None:
    text = f"{label}: I would like to see that in writing.\n\nMayor Jo Shaw: You will have it by May."
    assert [words for words, _ in spoken(text)] == [
        "I would like to see that in writing.",
        "You will have it by May.",
    ]


@pytest.mark.parametrize(
    "lead",
    [
        "Mayor Ann Lee’s leaflet says:",
        "Mayor Ann Lee has pledged to:",
        "Mayor Ann Lee’s plan for the town:",
        "Ann Lee (Ind), 44, a baker:",
    ],
)
def test_the_items_of_a_programme_are_its_owners(lead: str) -> None:
    text = f"{lead}\n\n• open the baths by May\n\n• plant a thousand trees\n\nThe vote is in May."
    assert spoken(text) == [("open the baths by May", "Ann Lee"), ("plant a thousand trees", "Ann Lee")]


def test_a_block_may_have_a_list_below_it() -> None:
    text = "Mayor Jo Shaw writes:\n\nI would rather be plain with you.\n\n- A pool by May\n- No new charges"
    assert spoken(text) == [
        ("I would rather be plain with you.", "Jo Shaw"),
        ("A pool by May", "Jo Shaw"),
        ("No new charges", "Jo Shaw"),
    ]


@pytest.mark.parametrize(
    "lead",
    [
        "The centre will offer:",
        "Mayor Ann Lee is asked to:",
        "The council said these roads would be shut:",
        "What you need to know:",
    ],
)
def test_other_lists_are_nobodys(lead: str) -> None:
    found = spoken(f"{lead}\n\n- Mill Lane from May\n- High Street from June")
    assert {speaker for _, speaker in found} <= {None}


MINUTES = "Minutes of the meeting of Hexley Council\n\n{line}\n\nThe meeting closed at nine."


@pytest.mark.parametrize(
    ("line", "content"),
    [
        (
            "4. BRIDGE. RESOLVED: That the bridge be mended by May. Two against.",
            "the bridge be mended by May",
        ),
        ("It was RESOLVED (9 to 4) that the bridge be mended.", "the bridge be mended"),
        ("Agenda. AGREED – that the bridge be mended", "the bridge be mended"),
        ("7. DOGS. Noted. ACTION: Clerk to write to the county.", "Clerk to write to the county"),
        ("(ii) Cllr Lee to report on the bridge by June.", "to report on the bridge by June"),
    ],
)
def test_what_minutes_resolve_is_a_statement(line: str, content: str) -> None:
    assert [words for words, _ in spoken(MINUTES.format(line=line))] == [content]


def test_each_part_of_a_resolution_is_one() -> None:
    line = "RESOLVED –\n(1) That the bridge be mended;\n(2) That the cost be noted."
    assert [words for words, _ in spoken(MINUTES.format(line=line))] == [
        "the bridge be mended;",
        "the cost be noted",
    ]


@pytest.mark.parametrize("line", ["The report was AGREED.", "4. ACTIONS", "Cllr Lee (Hexley) left to eat."])
def test_other_words_of_minutes_are_none(line: str) -> None:
    assert spoken(MINUTES.format(line=line)) == []


def test_a_heading_in_minutes_is_no_speaker() -> None:
    line = "Lights: Cllr Ann Lee reported that the posts had come and would be put up by April."
    assert [words for words, _ in spoken(MINUTES.format(line=line))] == [
        "the posts had come and would be put up by April"
    ]


@pytest.mark.parametrize("stamp", ["14.32 ", "9:05am: ", "9.05pm – ", "14:32 "])
def test_a_time_before_an_entry_is_no_part_of_it(stamp: str) -> None:
    text = f"{stamp}“Good,” said Councillor Ann Lee.\n\n{stamp}Mayor Jo Shaw said it would open in May."
    assert spoken(text) == [("Good", "Ann Lee"), ("it would open in May", "Jo Shaw")]


def test_questions_of_listeners_in_marks_are_nobodys() -> None:
    text = (
        "Jo Shaw answered questions on Monday.\n\n“When will it open?”\n\nShaw: I think in May.\n\n"
        "“Is there money for it?”\n\nWe have all that we need.\n\n“And the tram?”\n\nI’m not going to guess."
    )
    assert [words for words, _ in spoken(text)] == [
        "I think in May.",
        "We have all that we need.",
        "I’m not going to guess.",
    ]


COLUMN = (
    "I am glad to write to you again.\n\nThe bridge\n\nWe will open it in May. I have seen the steel.\n\n"
    "There has been talk of a toll. There will be none.\n\nMy door is open to all."
)
PARTS = [
    "I am glad to write to you again.",
    "We will open it in May. I have seen the steel.",
    "There has been talk of a toll. There will be none.",
    "My door is open to all.",
]


@pytest.mark.parametrize(
    ("title", "byline"),
    [
        ("On the bridge", "Ann Lee, Leader of Hexley Council"),
        ("On the bridge", "Cllr Ann Lee"),
        ("Ann Lee MP: ‘I am glad’", "Ann Lee"),
        ("Speech by Mayor Ann Lee at the bridge", ""),
    ],
)
def test_an_officials_own_text_is_theirs(title: str, byline: str) -> None:
    assert spoken(COLUMN, title, byline) == [(part, "Ann Lee") for part in PARTS]


def test_a_speech_is_of_the_offices_holder() -> None:
    lee = Official("o-1", "Ann Lee", posts=(Post("Prime Minister", "minister", "UK Government"),))
    found = spoken(COLUMN, "Prime Minister’s speech at the Wool Hall, Hexley", register=Register((lee,)))
    assert found == [(part, "Ann Lee") for part in PARTS]


@pytest.mark.parametrize(
    ("title", "byline"),
    [("On the bridge", "Ann Lee"), ("Council leader opens bridge", "Ann Lee, Hexley Council reporter")],
)
def test_a_reporters_first_person_is_nobodys(title: str, byline: str) -> None:
    found = spoken(COLUMN, title, byline)
    assert {speaker for _, speaker in found} <= {None}
    assert not any(words.startswith(("I am glad", "There has", "My door")) for words, _ in found)


def test_a_report_under_an_officials_byline_is_read_as_a_report() -> None:
    text = "The bridge opened in May.\n\nCllr Jo Shaw said it was late.\n\nThe council meets in June."
    assert spoken(text, "Bridge", "Ann Lee, Leader of Hexley Council") == [("it was late", "Jo Shaw")]


def laid_out(text: str, *parts: tuple[str, str]) -> list[dict[str, Any]]:
    """A layout, as `said annotate` takes it, of the words given with their kind."""
    spans = ((kind, text.index(words), len(words)) for kind, words in parts)
    return [{"kind": kind, "span": [start, start + length]} for kind, start, length in spans]


def annotated(text: str, layout: object) -> dict[str, Any]:
    """The answer to one line with a layout."""
    (answer,) = annotate([{"id": "a", "text": text, "layout": layout}], Register(()), MODEL)
    return answer


def words_of(text: str, answer: dict[str, Any]) -> list[Said]:
    """The words of an answer's statements with their speaker."""
    return [(" ".join(text[s:e] for s, e in one["content"]), one["speaker"]) for one in answer["statements"]]


PLAIN = "The road is four miles long.\n\nIt was dug in the rain."


@pytest.mark.parametrize(
    "text",
    [f"Mayor Ann Lee said:\n\n{PLAIN}", f"{PLAIN}\n\n– Mayor Ann Lee", f"Mayor Ann Lee spoke.\n\n{PLAIN}"],
)
def test_a_layout_tells_quotations_that_words_do_not(text: str) -> None:
    without = words_of(text, annotated(text, None))
    parts = PLAIN.split("\n\n")
    found = words_of(text, annotated(text, laid_out(text, *(("quote", part) for part in parts))))
    assert [words for words, _ in found] == parts
    assert ("Ann Lee" in {speaker for _, speaker in found}) and without != found


def test_a_layout_tells_posts_which_are_of_whose_name_stands_below() -> None:
    words = ["We will dig the road by May.", "Nobody need wait. pic.twitter.com/abc https://t.co/x"]
    signed = ["— Ann Lee (@annlee) October 5, 2026", "— Jo Shaw (@jo) October 6, 2026"]
    text = "\n\n".join(
        ["Mayor Ann Lee answered them.", words[0], signed[0], words[1], signed[1], "Rain fell."]
    )
    layout = laid_out(text, *(("post", line) for line in (words[0], signed[0], words[1], signed[1])))
    assert words_of(text, annotated(text, layout)) == [
        (words[0], "Ann Lee"),
        ("Nobody need wait.", "Jo Shaw"),
    ]


def test_a_layout_tells_captions_which_are_no_report() -> None:
    text = "Mayor Ann Lee said that the road was long.\n\nAnn Lee, who said she was cold, at the road."
    layout = laid_out(text, ("caption", "Ann Lee, who said she was cold, at the road."))
    assert words_of(text, annotated(text, layout)) == [("the road was long", "Ann Lee")]


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        ("quote", "a list"),
        ([{"kind": "verse", "span": [0, 4]}], "quote, list, heading, label, caption"),
        ([{"kind": "quote", "span": [0, 4000]}], "layout.0.span: 0 to 4000 is no stretch"),
        ([{"kind": "quote", "span": [4, 4]}], "layout.0.span: 4 to 4 is no stretch"),
        ([{"kind": "quote", "span": [1]}], "two whole numbers"),
        ([{"kind": "quote"}], "span"),
    ],
)
def test_a_layout_that_cannot_be_read_is_told_and_left(layout: object, told: str) -> None:
    text = "Mayor Ann Lee said the road was long."
    answer = annotated(text, layout)
    assert words_of(text, answer) == [("the road was long", "Ann Lee")]
    assert answer["problem"]["reason"] == "unreadable_layout"
    assert told in answer["problem"]["detail"]


def test_who_is_named_below_a_block_quotation_said_all_of_it() -> None:
    quoted = ("We will mend the roof by May.", "Nobody will pay more for it.")
    lines = ("The hall is leaking.", *quoted, "— Cllr Ann Lee, leader of Hexley Council", "Rain is forecast.")
    text = "\n\n".join(lines)
    laid = [Laid("quote", (at := text.index(line), at + len(line))) for line in lines[1:4]]
    article = Article("a", "o", "u", "", text, layout=tuple(laid))
    ((_, extraction),) = extract([article], Register(()))
    said = {text[slice(*one.content[0])]: one.speaker for one in extraction.statements}
    assert [said.get(line) for line in quoted] == ["Ann Lee", "Ann Lee"]


def test_halves_of_characters_in_a_line_of_json_break_nothing() -> None:
    text = "“We will open the \ud800baths by March,” said Coun Ada Winship of Fenby Council."
    (said,) = annotated(text, None)["statements"]
    ((start, end),) = said["content"]
    assert text[start:end] == "We will open the \ud800baths by March"
    assert said["commitments"]
