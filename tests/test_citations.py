"""Citations of a statement: right in each format, whatever the words are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from ledger.outputs.citations import bibtex, blockquote, citations, json_ld, plain, ris
from ledger.presentation.passages import Passage
from ledger.queries.statement_card import Card
from tests.reading_home import HOSTILE

CARD = Card(
    id="0123456789abcdef", article_id="a", kind="direct", words="We will open it by June.",
    speaker="Ann Example", official_id="o", role="mayor", body="Oldthorpe Council",
    office="Mayor of Oldthorpe", source_name="Ann Example", why="named beside the words", linked_by=None,
    outlet="Oldthorpe Post",
    headline="Baths to open", byline="B. Writer", url="https://post.example/baths",
    link="https://post.example/baths#:~:text=We%20will", published=datetime(2026, 3, 5, 9, tzinfo=UTC),
    first_seen=None, sha256="0" * 64, archive="", verified=True, revisions=1, undertakings=(),
    context=Passage("", ()),
)  # fmt: skip


def test_plain_text_names_speaker_post_body_headline_outlet_day_and_link() -> None:
    assert plain(CARD) == (
        "“We will open it by June.” – Ann Example, Mayor of Oldthorpe, Oldthorpe Council. Baths to open. "
        "Oldthorpe Post, 5 March 2026. https://post.example/baths#:~:text=We%20will"
    )


def test_a_role_stands_in_where_no_office_is_known() -> None:
    made = replace(CARD, office="", role="pcc")
    assert "Ann Example, police and crime commissioner, Oldthorpe Council." in plain(made)
    assert json.loads(json_ld(made))["spokenByCharacter"]["jobTitle"] == "police and crime commissioner"


@pytest.mark.parametrize("kind", ["indirect", "mixed"])
def test_the_reporters_words_are_never_in_quotation_marks(kind: str) -> None:
    for name, made in citations(replace(CARD, kind=kind)).items():
        assert "“We will" not in made, name
    assert json.loads(json_ld(replace(CARD, kind=kind)))["@type"] == "Claim"


def test_a_speaker_that_is_not_known_is_not_guessed() -> None:
    unknown = replace(CARD, speaker=None, office="", role=None, body=None, source_name="a source")
    for name, made in citations(unknown).items():
        assert "Ann Example" not in made, name
    assert "not resolved (as written: “a source”)" in plain(unknown)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.text = ""

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(name)
        self.attributes |= dict(attributes)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_words_stay_words_in_every_format(bad: str) -> None:
    card = replace(
        CARD, words=bad, speaker=bad, headline=bad, outlet=bad, byline=bad, office=bad, url=bad, link=""
    )
    reader = Elements()
    reader.feed(blockquote(card))
    assert reader.tags == ["blockquote", "p", "footer", "cite"]
    assert reader.attributes == {"cite": ""}
    assert "W" * 10_000 not in bad or "W" * 10_000 in reader.text
    made = json_ld(card)
    assert json.loads(made)["text"] == bad and "<" not in made
    record = ris(card).split("\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  -( |$)", line) for line in record)
    assert record[0] == "TY  - NEWS" and record[-1] == "ER  -"
    entry = bibtex(card)
    body = re.sub(r"\\[\\{}#$%&_~^]|\\text\w+\{\}", "", entry)
    assert body.count("{") == body.count("}")
    assert not re.search(r"[#$%&]", re.sub(r"url = \{.*\}", "", body))
    assert "\u202e" not in "".join(citations(card).values()).replace(made, "")
