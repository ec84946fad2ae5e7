"""Clauses as acts that stand alone."""

from __future__ import annotations

import re
from itertools import product

import pytest

from nlp.commitments.acts.act import act_of
from nlp.commitments.acts.checks import negation_before
from nlp.commitments.acts.clauses import words_of
from nlp.commitments.acts.fill import Around


@pytest.mark.parametrize(
    ("clause", "act"),
    [
        ("We will open the Wharf Road health centre by March", "open the Wharf Road health centre"),
        ("the council would fill 20,000 potholes by April", "fill 20,000 potholes"),
        ("the charge will be cancelled in June", "cancel the charge"),
        ("patients will go on travelling to Ashton until the autumn", "have patients travel to Ashton"),
        ("The front counter will not close as long as I am leader", "not close the front counter"),
        ("it would not be introduced before parliament rises on June 28", ""),
        ("the 1969 pool at Keldbridge is to be replaced", "replace the 1969 pool at Keldbridge"),
        (
            "half-price fares for everyone aged 16 to 21 will be introduced from 1 September 2025",
            "introduce half-price fares for everyone aged 16 to 21",
        ),
        ("Six lanes and a gym are due to open there by the end of 2026", "open six lanes and a gym"),
        ("Both platforms at Wathbridge will have a lift by May", "give both platforms at Wathbridge a lift"),
        (
            "trams will be carrying passengers to Addlestow by the end of 2028",
            "have trams carry passengers to Addlestow",
        ),
        ("We are bringing in 60 people this year, of whom 22 will be midwives", "bring in 60 people"),
        ("the trust was aiming to recruit 75 more nurses by June", "recruit 75 more nurses"),
        ("There will be a vote on the floor of the Senate by July", "have a vote on the floor of the Senate"),
        ("Recruit 10,000 more police officers within a year", "recruit 10,000 more police officers"),
        ("200 new rural health clinics by the end of next year", "provide 200 new rural health clinics"),
        ("The school will be open for the new term in September", "open the school for the new term"),
        ("we will not sell that building", "not sell that building"),
        ("He would be bringing in his own Bill on Tuesday", "bring in their own Bill"),
        ("If we win, we will scrap the charge", "scrap the charge"),
    ],
)
def test_the_subject_and_the_date_go_and_the_verb_comes_first(clause: str, act: str) -> None:
    assert act_of(clause) == act


def test_not_until_is_a_date_unless_it_is_a_promise_not_to() -> None:
    clause = "the flood wall at Low Ings will not be finished until February"
    assert act_of(clause, kind="firm") == "finish the flood wall at Low Ings"
    assert act_of("We will not close Ashgarth Library", kind="negative") == "not close Ashgarth Library"
    assert (
        act_of("We will never sell land to builders who put up no council homes", kind="negative")
        == "not sell land to builders who put up no council homes"
    )


@pytest.mark.parametrize("clause", ["", "…", "By Christmas.", "I said so"])
def test_where_no_act_is_told_there_is_none(clause: str) -> None:
    assert act_of(clause) == ""


def test_what_a_clause_leaves_unnamed_is_filled_in_in_brackets() -> None:
    article = "Work on the Eastgate Leisure Centre goes on. The roof is on. The centre will open in May."
    clause = "The centre will open in May"
    around = Around(article, article.index(clause))
    assert act_of(clause, around) == "open [the Eastgate Leisure Centre]"
    assert act_of(clause) == "open the centre"
    article = "The Tannage Street bridge has been shut since 2019. It will reopen in May."
    around = Around(article, article.index("It will"), "Tannage Street bridge to reopen in May")
    assert act_of("It will reopen in May", around) == "reopen [the Tannage Street bridge]"
    assert act_of("It will reopen in May", Around(article, 59, "Weather report")) == ""


def test_nothing_is_named_after_a_person() -> None:
    article = "Imran Sadiq gave a date for the lift.\n\n“It will reopen in May.”"
    clause = "It will reopen in May"
    around = Around(article, article.index(clause), "Imran Sadiq sets a date")
    assert act_of(clause, around) == ""


SUBJECTS = ("Van drivers and cabbies", "The council", "Residents", "Marion Tait", "Parents on benefits")
DEEDS = (
    "pay to enter the zone",
    "close the Mill Lane library",
    "have to pay for garden bins",
    "sell the old town hall",
    "wait more than eight weeks for a scan",
)
REFUSALS = (
    "{who} will no longer {deed}",
    "{who} will never again {deed}",
    "{who} will not {deed}",
    "{who} won't {deed}",
    "nobody will {deed}",
    "none of the operators will {deed}",
    "no family will {deed}",
    "neither the council nor the trust will {deed}",
    "{who} would never be asked to {deed}",
    "{who} will rule out any plan to {deed}",
    "{who} will refuse to {deed}",
    "{who} said the firm would not {deed}",
)
TURNED = re.compile(r"\b(?:not|no|never|nobody|none|neither|without|rul\w+ out|refus\w+)\b")


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_stays_one(refusal: str) -> None:
    for (who, deed), when in product(zip(SUBJECTS, DEEDS, strict=True), ("", " from 1 July 2025")):
        clause = refusal.format(who=who, deed=deed) + when
        act = act_of(clause, kind="firm")
        assert not act or TURNED.search(act), f"{clause} -> {act}"


@pytest.mark.parametrize(
    "clause",
    [
        "they will swim in it again",
        "It is being built and we will build it",
        "they will have nobody see it coming",
        "I will love it there",
        "taxis will be on the ends and the cameras come down",
        "We remain on course for January",
        "the lane was ordered and it would be free",
    ],
)
def test_what_names_nothing_or_is_no_sentence_is_no_act(clause: str) -> None:
    assert act_of(clause) == ""


def test_the_clause_that_tells_whom_it_is_for_stays() -> None:
    clause = "we will offer a £2,000 payment to those who joined before July by the end of June 2026"
    assert act_of(clause) == "offer a £2,000 payment to those who joined before July"
    assert (
        act_of("no course will be closed before those now on it have finished", kind="negative")
        == "close no course before those now on it have finished"
    )
    assert act_of("Van drivers will no longer have to pay from 1 July") == "no longer have Van drivers pay"


def test_the_clause_itself_ends_at_its_edge_and_without_its_date() -> None:
    assert words_of("It will be open to all by the end of March 2026") == "“It will be open to all”"
    long = (
        "it will be there for all the people who need it every day, the ones who never had a bus or a train, "
        "and for those who come after them"
    )
    assert words_of(long) == "“it will be there for all the people who need it every day…”"
    assert (
        words_of("work will be done between February and May")
        == "“work will be done between February and May”"
    )


def test_a_negation_before_the_clause_is_not_lost() -> None:
    article = "The budget holds. There is no question of cutting services."
    start = article.index("cutting")
    assert act_of("cutting services", Around(article, start), "negative") == ""
    assert negation_before("cutting services", article, start) == "no question of "
    assert negation_before("keep the fare at £2", article, start + 100) == ""
    assert act_of("The board will say by May whether it will pay its share") == ""
