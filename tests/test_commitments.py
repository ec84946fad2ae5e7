"""Which clauses are commitments, of which type, and what they say, by the weights that ship."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ledger import vocabulary
from ledger.types import Commitment, Role
from nlp.annotate import classify
from nlp.commitments.flag import flag
from nlp.commitments.parse import Said
from nlp.commitments.proposals import proposals
from nlp.models.learned import promise_votes, tagger
from nlp.models.promises import moved, packed, unpacked
from nlp.text.paragraphs import paragraphs
from nlp.training.promises import sentences

DAY = date(2025, 6, 17)


def said(before: str, words: str, after: str, kind: str, cue: str, role: Role | None) -> Said:
    """A statement of a short article, as the tagger reads it there."""
    text = f"{before}{words}{after}"
    content = ((len(before), len(before) + len(words)),)
    lines = [(p.start, p.end) for p in paragraphs(text)]
    (seen,) = tagger().read([(text, lines, content if kind == "direct" else ())])
    return Said("s", text, content, unpacked(packed(seen, content)), kind, cue, DAY, role)


def quoted(words: str, role: Role | None = "mayor", cue: str = "said") -> Said:
    return said(f"The mayor {cue}: “", words, "”", "direct", cue, role)


def reported(words: str, role: Role | None = "councillor", cue: str = "said") -> Said:
    return said(f"Councillor Brand {cue} ", words, ".", "indirect", cue, role)


def of(one: Said) -> tuple[Commitment, ...]:
    (found,) = flag([one], promise_votes())
    return found


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (quoted("We will publish the delivery plan in April."), "firm"),
        (quoted("I promise that the pool will open by Easter."), "firm"),
        (quoted("If the grant is approved, we will build the bridge next year."), "conditional"),
        (quoted("We plan to open the centre in the autumn."), "intention"),
        (quoted("We’ll keep publishing the figures every month."), "ongoing"),
        (quoted("There will be no compulsory redundancies."), "negative"),
        (quoted("We will not sell that building."), "negative"),
        (quoted("We must act on this road, and we will build the bypass by 2028."), "firm"),
        (reported("to deliver 300 homes by 2028", cue="pledged"), "firm"),
        (reported("to deliver 300 homes by 2028", cue="planned"), "intention"),
        (reported("the council would not close any library this year"), "negative"),
        (reported("buses would return to public control by 2027", "mayor", "confirmed"), "firm"),
    ],
)
def test_flagged_with_type(one: Said, kind: str) -> None:
    (found,) = of(one)
    assert found.type == kind
    assert found.why.startswith(f"reads as {kind}")
    words = one.article[slice(*found.span)]
    assert found.id == Commitment.make_id("s", words)
    assert one.content[0][0] <= found.span[0] < found.span[1] <= one.content[0][1]


@pytest.mark.parametrize(
    "one",
    [
        quoted("The government must step in and save this steelworks."),
        quoted("The government must build the bypass by 2028."),
        quoted("It won't be easy and it won't be cheap."),
        quoted("He promised us a hospital and all we got was a car park."),
        quoted("We said we would recruit fifty officers and we have recruited sixty."),
        quoted("I will always remember where I was."),
        quoted("We want to thank the volunteers."),
        quoted("I have no doubt that the residents will rise to it."),
        reported("the company must pay for the damage"),
        reported("the cuts would hit the poorest hardest"),
        quoted("It rained."),
    ],
)
def test_not_flagged(one: Said) -> None:
    assert of(one) == ()


def test_two_promises_in_one_sentence_are_two_commitments() -> None:
    words = "We will run the first buses by March 2026, and we will take over every route by the end of 2027."
    one = quoted(words)
    first, second = of(one)
    assert "first buses" in one.article[slice(*first.span)]
    assert "every route" in one.article[slice(*second.span)]
    assert first.deadline is not None and second.deadline is not None
    assert (first.deadline.last, second.deadline.last) == (date(2026, 3, 31), date(2027, 12, 31))


def test_what_a_clause_holds() -> None:
    (found,) = of(quoted("We will fill 20,000 potholes in Aldbury by April next year."))
    assert found.action.startswith("fill 20,000 potholes")
    assert found.measure is not None and found.deadline is not None
    assert (found.measure.value, found.measure.unit) == (20_000, "potholes")
    assert found.deadline.last == date(2026, 4, 30)
    assert found.place == "Aldbury"


def test_what_nobody_would_track_is_minor() -> None:
    (small,) = of(quoted("I will ring her this afternoon."))
    (great,) = of(quoted("We will build 400 council homes by March 2027."))
    assert small.minor and not great.minor


def test_what_was_read_is_kept_and_stands_where_its_words_stand() -> None:
    text = "The mayor said: “We will open the pool by May.”"
    content = ((text.index("We"), text.index("May.") + 4),)
    (seen,) = tagger().read([(text, [(0, len(text))], content)])
    kept = packed(seen, content)
    reading = unpacked(kept)
    assert reading is not None and float(reading.promise.max()) > 0.5
    later = unpacked(moved(kept, lambda spans: tuple((a + 7, b + 7) for a, b in spans)))
    assert later is not None and list(later.starts) == [start + 7 for start in reading.starts]
    rain = "It rained all day on Monday."
    (seen,) = tagger().read([(rain, [(0, len(rain))], ())])
    assert packed(seen, ((0, len(rain)),)) == b""  # promises nothing
    assert unpacked(b"") is None


@pytest.mark.parametrize(
    "text",
    ["we will " * 20_000, "\x00\u202e we will \x07", "." * 50_000, "“" * 5_000, "£1.2.3m by 99 March 20300"],
)
def test_hostile_text_gives_an_answer(text: str) -> None:
    (answer,) = classify([{"id": "x", "text": text}])
    assert answer["id"] == "x"


def test_clauses_of_a_sentence_of_many_parts_stay_few() -> None:
    one = quoted(", and ".join(f"we will open the pool in ward {n} by May" for n in range(400)))
    assert one.seen is not None
    assert len(proposals(one.article, one.content, one.seen)) < 400 * 5


def test_one_speakers_own_words_are_classified() -> None:
    given = {
        "firm": "The council will plant 10,000 trees by 2030.",
        "": "Parking in the town is free on Sundays.",
    }
    for kind, answer in zip(given, classify([{"id": k, "text": t} for k, t in given.items()]), strict=True):
        assert (answer["commitment"] or {"type": ""})["type"] == kind


def test_training_sentences_are_well_formed() -> None:
    seen: dict[tuple[str, str], str] = {}
    for path in sorted(sentences.FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert row["type"] in (*vocabulary.types(), None), line
            assert row["split"] in ("train", "test"), line
            key = (row.get("cue", ""), row["text"])
            assert key not in seen, f"{path.name} and {seen.get(key)} share {row['text']!r}"
            seen[key] = path.name
