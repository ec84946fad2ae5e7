"""The deadline and measure of a clause: which of its dates, seen from which day."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.types import Deadline, Span
from nlp.commitments.dates import day_said, deadline_of, measure_of

DAY = date(2025, 6, 17)


def parts(marked: str) -> tuple[str, list[Span], Span]:
    """The text without its marks, the statement's span in {}, the clause's in [] (else the statement's)."""
    text, at = "", {}
    for sign in marked:
        if sign in "{}[]":
            at[sign] = len(text)
        else:
            text += sign
    content = (at.get("{", 0), at.get("}", len(text)))
    return text, [content], (at.get("[", content[0]), at.get("]", content[1]))


def due(marked: str, day: date | None = DAY) -> Deadline | None:
    text, content, clause = parts(marked)
    return deadline_of(text, clause, content, day)


def last_day(marked: str) -> str | None:
    found = due(marked)
    return str(found.last) if found and found.last else None


@pytest.mark.parametrize(
    ("clause", "last"),
    [
        # steps on the way, and the act itself
        ("it shuts on 1 July and will be open again by the end of October", "2025-10-31"),
        ("between July 2025 and March 2026", "2026-03-31"),
        ("in July and August the road will not be shut", "2025-08-31"),
        ("it is shut from Monday until the 20th", "2025-06-20"),
        ("we expect 40 of them this year and all 90 by the end of 2027", "2027-12-31"),
        ("there will be extra patrols on Friday and Saturday nights until the end of August", "2025-08-31"),
        # what is not to be after a time, or in it
        ("nobody will wait a year after the end of March", "2026-03-31"),
        ("none will be shut, not in the next financial year", "2027-03-31"),
        # conditions
        ("if ministers agree in July, the line opens in 2029", "2029-12-31"),
        ("if the money comes by August it starts in October", "2025-10-31"),
        ("we will do it in October if the grant is paid by August", "2025-10-31"),
        ("unless we reach 60 by September, the ward stays shut until March", "2026-03-31"),
        ("if my party wins in May we will scrap it", None),
        ("give us the word this month and you will have it by Easter", "2026-04-05"),
        ("vote for us on 7 May and the charge goes", None),
        ("if there is no roof on it by Christmas, I will resign", "2025-12-25"),
        # somebody or something else
        ("anyone who applies before July will have a pass by the new term", "2025-09-01"),
        ("the hall that had closed in the winter will be sold", None),
        ("a payment of £2,000 will be offered to those who joined before July", None),
        ("half of their rent for this term will be paid back before Christmas", "2025-12-25"),
        # denied, former, put right
        ("it will be next spring, not this year", "2026-05-31"),
        ("opening, previously December 2025, is to be autumn 2026", "2026-11-30"),
        ("we will not shut it before April 2027", "2027-03-31"),
        ("it will be done by this time next year, March at the outside", "2026-03-31"),
        ("you will have it by the spring, meaning 31 March", "2026-03-31"),
        # names
        ("we will keep to the 2030 Transport Strategy", None),
        ("it is paid for in the 2026/27 budget", None),
        # words that are a date in a promise only
        ("March is the date and March it stays", "2026-03-31"),
        ("we will hold them for 28 days", "2025-07-15"),
    ],
)
def test_which_of_the_dates_of_a_clause(clause: str, last: str | None) -> None:
    assert last_day(f"The leader said: “{{[{clause}]}}.”") == last


@pytest.mark.parametrize(
    ("marked", "last"),
    [
        ("Speaking on 12 January 2024, the mayor said: “{The bridge will open by June}.”", "2024-06-30"),
        ("The leader said on 3 March 2025: “{We will have it back by May}.”", "2025-05-31"),
        ("In a letter dated 9 September 2024 she wrote that {work would begin by Easter}.", "2025-04-20"),
        ("“{You will have it within six months},” he told the board in November.", "2025-05-30"),
        ("He had said in March that {it would open by the end of April}.", "2025-04-30"),
        ("The trust had promised that {all of them would be there by Christmas}.", "2024-12-25"),
        ("She was told last year that {it would be walked by this August}.", "2025-08-31"),
        ("The mayor, who was elected in May 2024, said {it would open by July}.", "2025-07-31"),
        ("“{It will be done by March},” said Catherine May, the deputy mayor.", "2026-03-31"),
        ("{Tests will follow in April}, she said, {adding that} more will come.", "2026-04-30"),
    ],
)
def test_seen_from_the_day_the_words_were_said(marked: str, last: str) -> None:
    text, content, clause = parts(marked.replace("{adding that}", "adding that"))
    found = deadline_of(text, clause, content, DAY)
    assert found is not None
    assert str(found.last) == last


def test_the_day_of_publication_where_no_other_is_named() -> None:
    text, content, _ = parts("The leader said: “{We said so on 1 May and it will open in July}.”")
    assert day_said(text, content, DAY) == DAY
    assert day_said(text, content, None) is None
    assert day_said(text, [], DAY) == DAY


@pytest.mark.parametrize(
    ("marked", "last"),
    [
        ("“{By the end of 2027, [we will have mended every road]},” he said.", "2027-12-31"),
        ("“{[We will mend every road], by the end of 2027},” he said.", "2027-12-31"),
        ("{[The road will be mended between July] and October}.", "2025-10-31"),
        ("{[The road will be mended in July] and the pool will shut in October}.", "2025-07-31"),
        ("{[We will mend the road by October and Councillor May Lee will see to it]}.", "2025-10-31"),
        ("{[We will build it by 2028 and save 2030 jobs]}.", "2028-12-31"),
        ("{[The road, which has not been mended for years, will be mended after March]}.", None),
        ("“{[They will be seen within 18 weeks of referral] by the end of 2027},” she said.", "2027-12-31"),
        ("{The pool opens in May, and [we will look after the lido]}.", None),
        ("{We were asked on 1 September. [We will answer]}.", None),
        ("{We told them 30 September. [It will be finished by then]}.", "2025-09-30"),
        (
            "{They start in October. From the same date [there will be a crew here on the same date]}.",
            "2025-10-31",
        ),
        # the rest of the sentence, while it goes on with what was promised
        (
            "{[We will build a wall right round the yard], and it will be finished by the end of October.}",
            "2025-10-31",
        ),
        ("{[The pool will reopen to schools and] clubs by September.}", "2025-09-30"),
        ("{[We will build a wall], said the harbour master, who leaves in October.}", None),
        ("{[We will build a wall], because the old one falls down in October.}", None),
        # a clause that ends within its time
        ("{[We will lift the order by Nov]. 15 at the latest.}", "2025-11-15"),
        ("{[The budget will be balanced in 2026]-27.}", "2027-03-31"),
        ("{[The service will run from Sunday 27] September 2026.}", "2026-09-27"),
        # the day on which it was said
        ("{[buses will return to public control]}, the mayor confirmed today (Tuesday 24 June).", None),
        ("{[buses will return to public control]}, she announced on Tuesday 24 June.", None),
    ],
)
def test_what_the_sentence_says_for_the_clause(marked: str, last: str | None) -> None:
    assert last_day(marked) == last


@pytest.mark.parametrize(
    "clause",
    ["if we win there will be an office within 100 days", "it will open in due course"],
)
def test_words_without_a_day_are_kept(clause: str) -> None:
    found = due(f"“{{[{clause}]}}”")
    assert found is not None
    assert found.text in clause
    assert (found.first, found.last) == (None, None)


def test_the_date_of_the_next_commitment_is_not_this_ones() -> None:
    text, content, clause = parts("{[We will build a wall], and it will have a gate by October.}")
    assert deadline_of(text, clause, content, DAY, until=text.index("it will have")) is None


def test_no_time_is_no_deadline() -> None:
    assert due("“{[We will mend the roof]}”") is None


def test_without_a_day_of_publication_only_a_full_date_has_days() -> None:
    found = due("“{[We will mend it by the end of March 2027]}”", None)
    assert found is not None
    assert found.last == date(2027, 3, 31)
    assert due("“{[We will mend it by March]}”", None) == Deadline("by March")


@pytest.mark.parametrize(
    ("clause", "value", "unit"),
    [
        ("we will build 300 homes", 300, "homes"),
        ("there are 11 staff and there will be 38 by September", 38, ""),
        ("we expect 40 to be open this year and all 90 by the end of 2027", 90, ""),
        ("£1.2m will go into 40 parks", 1_200_000, "GBP"),
        ("we will double the number of rangers to 60 by July 2027", 60, ""),
        ("we will double the number of rangers", 2, "times"),
    ],
)
def test_the_measure_of_a_clause(clause: str, value: float, unit: str) -> None:
    text, content, span = parts(f"The leader said: “{{[{clause}]}}.”")
    found = measure_of(text, span, deadline_of(text, span, content, DAY))
    assert found is not None
    assert (found.value, found.unit) == (value, unit)


def test_a_clause_without_an_amount_has_no_measure() -> None:
    text, _, span = parts("We have 300 homes and {[we will mend the roof]}.")
    assert measure_of(text, span) is None
