"""Which statements are commitments, of which type, and what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from ledger import vocabulary
from ledger.errors import WrongUse
from ledger.types import Commitment, CommitmentType, Role
from nlp.commitments import classifier, train
from nlp.commitments.flag import flag
from nlp.commitments.parse import Said

DAY = date(2025, 6, 17)


def of(*items: Said) -> list[Commitment | None]:
    return flag(items)


def quoted(text: str, role: Role | None = "mayor", cue: str = "said") -> Said:
    return Said("s", text, "direct", cue, DAY, role)


def reported(text: str, role: Role | None = "councillor", cue: str = "said", context: str = "") -> Said:
    return Said("s", text, "indirect", cue, DAY, role, context=context)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (quoted("We will publish the plan in April."), "firm"),
        (quoted("I promise that the pool will open by Easter."), "firm"),
        (quoted("If the grant is approved, we will build it."), "conditional"),
        (quoted("We plan to open the centre in the autumn."), "intention"),
        (quoted("I'd love to see the trams come back one day."), "aspiration"),
        (quoted("We’ll keep publishing the figures every month."), "ongoing"),
        (quoted("There will be no compulsory redundancies."), "negative"),
        (quoted("We will not sell that building."), "negative"),
        (quoted("No child will be left without a place."), "firm"),
        (reported("she would be holding a public meeting before Christmas"), "firm"),
        (reported("to deliver 300 homes", cue="vowed"), "firm"),
        (reported("the council would not raise rents"), "negative"),
        (reported("Buses will return to public control", "mayor", "confirmed"), "firm"),
        (quoted("The Government will invest $5 million in a new surgery hub.", None, ""), "firm"),
        (quoted("A Labor Government will build 20 new clinics.", None, ""), "firm"),
    ],
)
def test_flagged_with_type(said: Said, kind: str) -> None:
    (found,) = of(said)
    assert found is not None
    assert found.type == kind
    assert found.why
    assert found.id == Commitment.make_id("s")


@pytest.mark.parametrize(
    "said",
    [
        quoted("The Government must step in and save this steelworks."),
        quoted("It won't be easy and it won't be cheap."),
        quoted("I can't promise that it will never happen again."),
        quoted("He promised us a hospital and all we got was a car park."),
        quoted("We said we would recruit fifty officers and we have recruited sixty."),
        quoted("Will the leader apologise?"),
        quoted("I will always remember where I was."),
        quoted("We want to thank the volunteers."),
        reported("the company must pay for the damage"),
        reported("the cuts would hit the poorest hardest"),
        reported("he wanted assurances that rural services would be protected", "mp"),
        quoted("We will publish the plan in April.", "non_official"),
        quoted(""),
    ],
)
def test_not_flagged(said: Said) -> None:
    assert of(said) == [None]


SEED = {
    "we will make it a formal requirement for the first time to collect ethnicity and nationality data": True,
    "We will of course look thoroughly at the report, but I know she will have been fearless.": True,
    "But while we improved, I am determined we will continue to take a ‘no complacency’ approach.": True,
    "We commit to continue doing whatever it takes to enable survivors to trust the police of today.": True,
    "As soon as we receive the report, we will make a start on reviewing the contents.": True,
    "Missed cases need re-opening. We need reassurance that cover-ups did not occur, and if they did, that "
    "those responsible will be held to account.": False,
    "We can’t change the failings of the past, but my goodness we must finally learn from them.": False,
}


@pytest.mark.parametrize(("text", "wanted"), SEED.items())
def test_words_of_the_article_the_project_began_from(text: str, wanted: bool) -> None:
    (found,) = of(quoted(text, "mp"))
    assert (found is not None) is wanted


def test_announced_by_name_alone() -> None:
    (found,) = of(reported("a new national inquiry to review historic cases", "minister", "announce"))
    assert found is not None


def test_fields() -> None:
    text = "We will fill 20,000 potholes by April next year. And I’m happy for the paper to count."
    (found,) = of(quoted(text))
    assert found is not None
    assert found.action == "fill 20,000 potholes"
    assert found.measure is not None
    assert (found.measure.value, found.measure.unit) == (20_000, "potholes")
    assert found.deadline is not None
    assert found.deadline.last == date(2026, 4, 30)
    assert "first person will" in found.why
    assert "deadline" in found.why


def test_a_new_date_behind_not_until_is_the_deadline() -> None:
    (found,) = of(quoted("The wall promised by the end of November will not be finished until June 2026."))
    assert found is not None and found.deadline is not None
    assert (found.deadline.text, found.deadline.last) == ("until June 2026", date(2026, 6, 30))
    assert (found.type, found.condition) != ("conditional", "will not be finished until June 2026")


def test_what_is_to_be_no_longer_says_so() -> None:
    (found,) = of(quoted("From 1 September drivers will no longer have to pay to enter the town."))
    assert found is not None
    assert found.action.startswith("drivers no longer to have to pay to enter the town")


def test_the_place_comes_with_the_commitment() -> None:
    (found,) = of(quoted("We will open a new clinic in Aldbury by June."))
    assert found is not None
    assert found.place == "Aldbury"


def test_condition_and_a_time_counted_from_it() -> None:
    text = "If any site goes over the limit, we will bring a plan to this chamber within thirty days."
    (found,) = of(quoted(text))
    assert found is not None
    assert found.type == "conditional"
    assert found.condition == "If any site goes over the limit"
    assert found.deadline is not None
    assert (found.deadline.text, found.deadline.last) == ("within thirty days", None)


def test_what_somebody_asked_for_in_an_if_is_no_condition() -> None:
    (found,) = of(quoted("I will raise it with ministers, in the Chamber if I have to."))
    assert found is not None
    assert found.type == "firm"


@pytest.mark.parametrize(
    "context",
    [
        "In January the council leader promised the library would be open by Easter.",
        "Last year the council leader said the library would be open by Easter.",
        "Three months ago the leader told us the library would be open by Easter.",
        "The leader, who had promised the library would be open by Easter, did not attend.",
    ],
)
def test_a_retelling_is_not_flagged(context: str) -> None:
    words = "the library would be open by Easter"
    cue = "had promised" if "had promised" in context else "promised"
    assert of(reported(words, "council_leader", cue, context)) == [None]
    (fresh,) = of(reported(words, "council_leader", cue, f"The leader promised {words}."))
    assert fresh is not None


def test_no_publication_date_keeps_the_deadline_words() -> None:
    (found,) = of(Said("s", "We will publish it by the end of March.", role="mayor", cue="said"))
    assert found is not None
    assert found.deadline is not None
    assert (found.deadline.text, found.deadline.last) == ("by the end of March", None)


def test_order_and_length_are_kept() -> None:
    items = [quoted("We will publish the plan."), quoted("It rained."), quoted("We will open it by May.")]
    assert [found is not None for found in flag(items)] == [True, False, True]
    assert flag([]) == []


@pytest.mark.parametrize(
    "text",
    [
        "we will " * 20_000,
        "\x00\ud800\u202e we will \x07",
        "." * 50_000,
        "“" * 5_000,
        "£1.2.3m by 99 March 20300",
    ],
)
def test_hostile_text_gives_an_answer(text: str) -> None:
    assert len(of(quoted(text), reported(text), Said("s", text))) == 3


def test_absent_or_other_model_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"none\.json.*python -m nlp\.commitments\.train"):
        classifier.load(tmp_path / "none.json")
    other = tmp_path / "other.json"
    other.write_text('{"features": ["old"]}', encoding="utf-8")
    with pytest.raises(WrongUse, match="other features or types"):
        classifier.load(other)


def test_model_was_made_from_the_training_sentences_as_they_are() -> None:
    assert classifier.load().sha256 == train.digest(), "run: python -m nlp.commitments.train"


def test_training_sentences_are_well_formed() -> None:
    seen: dict[tuple[str, str], str] = {}
    for path in sorted(train.TRAINING.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert row["type"] in (*vocabulary.types(), None), line
            assert row["split"] in ("train", "test"), line
            key = (row.get("cue", ""), row["text"])
            assert key not in seen, f"{path.name} and {seen.get(key)} share {row['text']!r}"
            seen[key] = path.name


def test_sentences_kept_for_testing() -> None:
    """Floors a little under what was measured: F1 of flagging .96, mean F1 of the types .95."""
    kept = train.sentences("test")
    found = flag([example.said for example in kept])
    given = [commitment.type if commitment else None for commitment in found]
    scores = train.scores([example.type for example in kept], given)
    assert scores["f1"] >= 0.92
    assert scores["macro"] >= 0.90


def test_scores_count_types() -> None:
    gold: Sequence[CommitmentType | None] = ["firm", "negative", None, "firm"]
    scores = train.scores(gold, ["firm", "firm", "firm", None])
    assert scores["p"] == pytest.approx(2 / 3)
    assert scores["r"] == pytest.approx(2 / 3)
    assert scores["firm"] == pytest.approx(2 / 5)
    assert scores["negative"] == 0
