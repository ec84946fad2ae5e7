"""The learned parts as the product runs them: tagger, votes, and what stands when both have spoken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ledger.errors import WrongUse
from ledger.types import Article
from nlp.components import load_model
from nlp.models.learned import SPEAKERS, STATEMENTS, TAGGER, shipped
from nlp.models.regions import load
from nlp.models.tagger import Tagged, Tagger
from nlp.models.votes import Trees, trees
from nlp.officials.register import Register
from nlp.pipeline import MODEL
from nlp.speakers.link import resolve
from nlp.speakers.linking.features import MOST
from nlp.statements.extract import find_statements, read_page
from nlp.statements.model import Candidate, Page
from nlp.statements.quotes import quoted
from nlp.statements.vote.choose import LEAST_ELSE, best, chosen
from nlp.statements.vote.features import table
from nlp.statements.vote.proposals import ProposedSpan, proposals, runs
from nlp.text.paragraphs import paragraphs
from nlp.training import manifest
from nlp.training.left_out import LeftOutReadings, write
from nlp.training.trees import fitted

TEXT = (
    "The bridge will be open by May, the council leader promised on Tuesday.\n\n"
    "“We will not wait for the government,” Asha Brand told reporters. “The money is there.”\n\n"
    "The river rose by two metres in the night."
)


def page(text: str = TEXT) -> Page:
    paras = paragraphs(text)
    return Page([], text, paras, quoted(text, paras), "", "")


def read(text: str = TEXT) -> Tagged:
    one = page(text)
    return shipped().tagger.read(
        [(text, [(p.start, p.end) for p in one.paras], [(q.start, q.end) for q in one.quotes])]
    )[0]


def told(text: str, said: dict[str, float]) -> Tagged:
    """A reading that believes words to be said as given, and nothing else; a piece for each word."""
    spans = [(text.index(word), text.index(word) + len(word)) for word in text.split()]
    belief = np.array(
        [max((v for part, v in said.items() if text[a:b] in part.split()), default=0.0) for a, b in spans]
    )
    none = np.zeros(len(spans), np.float32)
    return Tagged(
        starts=np.array([a for a, _ in spans], np.int32),
        ends=np.array([b for _, b in spans], np.int32),
        said=belief.astype(np.float32),
        begins=none,
        kinds=np.stack([none, belief, none], axis=1).astype(np.float32),
        source=none,
        cue=none,
        promise=none,
        promise_begins=none,
        types=np.zeros((len(spans), 6), np.float32),
        minor=none,
    )


ELSE = np.full(3, LEAST_ELSE, np.float32)


def test_the_tagger_reads_what_is_said_and_by_whom() -> None:
    seen = read()
    said = {TEXT[a:b] for a, b in runs(page(), seen, 0.5)}
    assert "The money is there" in {words.rstrip(".") for words in said}
    assert any(words.startswith("We will not wait") for words in said)
    assert not any("river" in words for words in said)
    name = seen.within((TEXT.index("Asha"), TEXT.index(" told")))
    assert seen.source[name].min() > 0.5


def test_every_piece_lies_in_the_text_and_in_order() -> None:
    seen = read()
    assert (seen.starts < seen.ends).all()
    assert (np.diff(seen.starts) > 0).all()
    assert seen.ends[-1] <= len(TEXT)


def test_texts_are_read_alike_alone_and_together() -> None:
    line = "“We will pay,” said Lee Marsh."
    alone = read(line)
    both = shipped().tagger.read([(TEXT, [(0, 71)], []), (line, [(0, len(line))], [(1, 13)])])[1]
    assert (alone.said == both.said).all()


def test_no_text_at_all_is_read_as_nothing() -> None:
    assert len(shipped().tagger.read([("", [], [])])[0].starts) == 0
    assert shipped().tagger.read([]) == []


def test_a_run_ends_at_a_lines_end_and_keeps_no_marks() -> None:
    text = "“We will pay,”\nthey may go"
    found = [text[a:b] for a, b in runs(page(text), told(text, {"“We will pay,” they may go": 0.9}), 0.5)]
    assert found == ["We will pay", "they may go"]


def test_of_spans_that_lie_on_one_another_the_likeliest_stands() -> None:
    offered = [
        ProposedSpan(((0, 10),), "rule", 0),
        ProposedSpan(((0, 12),), "sure"),
        ProposedSpan(((20, 30),), "sure"),
    ]
    assert best(offered, np.array([0.5, 0.9, 0.71], np.float32), ELSE) == [1, 2]
    assert best(offered, np.array([0.7, 0.9, 0.1], np.float32), ELSE) == [
        0
    ]  # as likely: the rule's bounds are exact
    assert best(offered, np.array([0.1, 0.2, 0.6], np.float32), ELSE) == []
    promising = np.array([LEAST_ELSE, LEAST_ELSE, 0.4], np.float32)
    assert best(offered, np.array([0.1, 0.2, 0.6], np.float32), promising) == [2]


class Always:
    """A vote that gives the same share to all."""

    def __init__(self, share: float) -> None:
        self.share = share

    def shares(self, names: object, rows: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        return np.full(len(rows), self.share, np.float32)


def test_whoever_goes_on_speaking_is_found_though_words_between_are_dropped() -> None:
    text = "Lee said one. Two goes on. Three goes on."
    found = [
        Candidate("indirect", ((9, 12),), source=((0, 3),)),
        Candidate("direct", ((14, 25),), carried=0),
        Candidate("direct", ((27, 40),), carried=1),
    ]

    class NotTheFirst(Always):
        def shares(self, names: object, rows: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
            return np.array([0.1, 0.9, 0.9], np.float32)

    kept = chosen(page(text), found, told(text, {}), NotTheFirst(1.0))
    assert [(one.content, one.source, one.carried) for one in kept] == [
        (((14, 25),), ((0, 3),), None),
        (((27, 40),), (), 0),
    ]
    assert chosen(page(text), found, told(text, {}), Always(0.1)) == []


def test_a_vote_says_what_it_was_fitted_to() -> None:
    rows = np.random.default_rng(0).normal(size=(400, 2)).astype(np.float32)
    vote = fitted(["a", "b"], rows, rows[:, 0] > 0)
    assert vote.shares(["a", "b"], np.array([[2, 0], [-2, 0]], np.float32)) == pytest.approx([1, 0], abs=0.1)
    with pytest.raises(ValueError, match="other figures"):
        vote.shares(["b", "a"], rows)
    assert Trees(vote.content).names == ["a", "b"]


def test_the_figures_of_today_are_those_that_the_votes_learned() -> None:
    seen = read()
    names, rows = table(page(), [], seen, proposals(page(), [], seen))
    assert names == trees(STATEMENTS).names
    assert len(rows) == len(trees(STATEMENTS).shares(names, rows))


@pytest.mark.parametrize("content", [b"", b"not a graph"])
def test_weights_that_are_no_graph_name_file_and_remedy(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "tagger.onnx"
    file.write_bytes(content)
    with pytest.raises(WrongUse, match=r"tagger\.onnx.*make train"):
        Tagger(file)


def test_weights_that_are_missing_name_file_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"nowhere\.onnx.*make train"):
        trees(tmp_path / "nowhere.onnx")


def test_the_weights_are_those_of_the_data_and_code_that_lie_here() -> None:
    assert manifest.written() == manifest.now(), "train anew: make train"


def test_the_weights_are_small() -> None:
    assert sum(file.stat().st_size for file in (TAGGER, STATEMENTS, SPEAKERS)) < 60_000_000


def test_what_was_left_out_is_found_again_by_its_text(tmp_path: Path) -> None:
    region = load("wyndale")
    empty = read("")
    write(region.name, [read(TEXT), *[empty] * (len(region.articles) - 1)], tmp_path)
    left = LeftOutReadings([region], tmp_path)
    first, second = region.articles[0]["text"], region.articles[1]["text"]
    one, other = left.read([(" " * 20 + first[20:], [], []), (second, [], [])])
    assert np.abs(one.said - read(TEXT).said).max() <= 0.5 / 40 + 1e-6
    assert len(other.starts) == 0
    with pytest.raises(KeyError):
        left.read([("another text", [], [])])


class NotTheRules(Always):
    """A vote for everybody but whom the rules named."""

    def shares(self, names: list[str], rows: np.ndarray) -> np.ndarray:  # type: ignore[type-arg,override]
        return 1 - rows[:, names.index("rule's answer")]


@pytest.mark.parametrize(
    ("text", "byline", "other"),
    [
        ("Council leader Ann Lee met Bob Ray in Wend.\n\n“We will pay,” she said.", "", "Bob Ray"),
        ("Council leader Ann Lee met Bob Ray in Wend.\n\n“We will pay,” she said.", "Bob Ray", None),
        ("Council leader Ann Lee met Bob Ray in Wend.\n\n“We will pay Ray,” she said.", "", None),
    ],
)
def test_no_vote_names_the_writer_or_whom_the_words_name(text: str, byline: str, other: str | None) -> None:
    article = Article("a", "o", "", "", text, byline=byline)
    doc = load_model(MODEL)(text)
    found = find_statements(read_page(doc))
    statements = resolve(doc, found, article, Register(()), vote=NotTheRules(1.0)).statements
    assert [s.speaker for s in statements if "We will pay" in text[s.content[0][0] :][:20]] == [other]


SURNAMES = [f"{a}{b}son" for a in ("Ham", "Tor", "Vel", "Wil") for b in ("ber", "der", "mer", "per", "ter")]


class Counting(Always):
    """A vote that keeps how many it was asked about."""

    asked = 0

    def shares(self, names: list[str], rows: np.ndarray) -> np.ndarray:  # type: ignore[type-arg,override]
        Counting.asked = len(rows)
        return rows[:, names.index("rule's answer")]


def test_in_a_crowd_those_who_spoke_last_are_weighed() -> None:
    speakers = [f"Cllr {first} {last}" for first in ("Ann", "Bob", "Eve") for last in SURNAMES]
    text = "\n\n".join(f"“Road {n} will be mended,” said {name}." for n, name in enumerate(speakers))
    doc = load_model(MODEL)(text)
    found = find_statements(read_page(doc))
    statements = resolve(
        doc, found, Article("a", "o", "", "", text), Register(()), vote=Counting(1.0)
    ).statements
    assert [f"Cllr {s.speaker}" for s in statements] == speakers
    assert Counting.asked <= MOST * len(speakers) < len(speakers) ** 2


def test_the_library_that_runs_the_graphs_tells_its_makers_nothing(tmp_path: Path) -> None:
    aside = ("CI", "ORT_DISABLE_TELEMETRY")  # each would silence it
    plain = {name: value for name, value in os.environ.items() if name not in aside}
    load = [sys.executable, "-c", "import nlp.models.session"]
    subprocess.run(load, env=plain | {"TMPDIR": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []  # before it sends anything it notes there which process is whose
