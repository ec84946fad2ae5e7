"""Articles through the whole extraction: order, batches, furniture, and whatever text may come."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import WrongUse
from ledger.types import Article
from nlp import pipeline
from nlp.components import LOOKED_UP, RULER, load_model, with_parts_of_speech
from nlp.officials.register import Register
from nlp.parts_of_speech import understood
from nlp.pipeline import LIMIT_CHARS, MODEL, Extraction, extract
from nlp.statements.model import Candidate, Page
from nlp.text.boilerplate import PIECE_CHARS, blanked, page_furniture, pieces

NOBODY = Register(())


def articles(*texts: str) -> list[Article]:
    day = datetime(2025, 6, 17, tzinfo=UTC)
    return [Article(str(i), "o", "", "", text, published=day) for i, text in enumerate(texts)]


def one(text: str) -> Extraction:
    ((_, extraction),) = extract(articles(text), NOBODY)
    return extraction


def line_texts() -> list[str]:
    lines = (files("sample") / "marlshire" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def test_order_and_results_do_not_depend_on_the_batch() -> None:
    texts = [f"Coun Ada Winship said road {n} would be mended." for n in range(7)]
    whole = list(extract(articles(*texts), NOBODY))
    single = list(extract(articles(*texts), NOBODY, batch_chars=1))
    assert [a.id for a, _ in whole] == [str(n) for n in range(7)]
    assert [e for _, e in whole] == [e for _, e in single]
    assert all(e.statements for _, e in whole)


def test_a_fault_of_ours_at_one_article_is_its_problem_and_ends_no_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = pipeline.find_statements

    def broken(page: Page) -> list[Candidate]:
        if "road 1" in page.text:
            raise IndexError("by chance")
        return there(page)

    monkeypatch.setattr(pipeline, "find_statements", broken)
    texts = [f"Coun Ada Winship said road {n} would be mended." for n in range(3)]
    found = [extraction for _, extraction in extract(articles(*texts), NOBODY)]
    assert [bool(one.statements) for one in found] == [True, False, True]
    assert found[1].problem.startswith("a fault of ours: IndexError in test_pipeline.py, line ")
    assert "chance" not in found[1].problem  # an error's words may be a private person's

    def refused(page: Page) -> list[Candidate]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pipeline, "find_statements", refused)
    with pytest.raises(OSError, match="No space left"):
        list(extract(articles(*texts), NOBODY))


def test_articles_are_taken_in_as_they_come() -> None:
    taken = []

    def source() -> object:
        for article in articles("One came.", "Two came.", "Three came."):
            taken.append(article.id)
            yield article

    results = extract(source(), NOBODY, batch_chars=5)  # type: ignore[arg-type]  # a generator of articles
    next(results)
    assert taken == ["0", "1"]


def test_statements_are_verbatim_in_the_text_given() -> None:
    text = (
        "Coun Ada Winship said: “The baths will open.\nAdvertisement\nHide AdAdvertisement\n"
        "Hide Ad“It is a promise.”"
    )
    extraction = one(text)
    assert [[text[a:b] for a, b in s.content] for s in extraction.statements] == [
        ["The baths will open."],
        ["It is a promise."],
    ]
    assert extraction.statements[0].source_name == "Coun Ada Winship"
    assert all("Hide Ad" not in text[a:b] for a, b in extraction.sentences)


def test_sentences_leave_furniture_out() -> None:
    text = "The road is shut.\nSign up to our daily newsletter\nIt opens in May. It will be wide.\n"
    assert [text[a:b] for a, b in one(text).sentences] == [
        "The road is shut.",
        "It opens in May.",
        "It will be wide.",
    ]


def test_furniture_glued_to_a_sentence_is_told_apart() -> None:
    text = "Advertisement\nHide AdLouise came.\nMcDonald came."
    spans = page_furniture(text)
    assert blanked(text, spans) == " " * 13 + "\n       Louise came.\nMcDonald came."


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_an_empty_text_is_a_named_problem(text: str) -> None:
    assert one(text) == Extraction(problem="the text is empty")


def test_a_text_beyond_the_limit_is_a_named_problem_and_the_rest_goes_on() -> None:
    results = list(extract(articles("x" * (LIMIT_CHARS + 1), "Coun Ada Winship said yes to it all."), NOBODY))
    assert "longer than" in results[0][1].problem
    assert results[1][1].problem == ""


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01\x02 Coun Ada Winship said\x00 the road would be mended.\x0b\x0c",
        "“" * 3000,
        "'" * 3000 + '"' * 3000,
        "COUN ADA WINSHIP SAID THE ROAD WOULD BE MENDED.\nSHE SAID SO TWICE.",
        "Le maire a dit que la route serait réparée. «C’est promis», a-t-il dit.",
        "市长表示道路将会修复。",
        "Coun " * 2000,
        "Jo Shaw " * 1500,
        "mayor of the council leader of " * 500,
        "a\u2028b\u2029c\x85d\r\ne said f.",
        "\ud800 said the mayor.",
        "he said she said it said " * 200,
    ],
)
def test_any_text_gets_an_answer(text: str) -> None:
    extraction = one(text)
    for statement in extraction.statements:
        assert all(0 <= a < b <= len(text) for a, b in statement.content)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "least"),
    [
        (
            ("Coun Ada Winship said the road would be mended.\n\n" + "The road is long. " * 100 + "\n\n")
            * 40,
            40,
        ),
        ("“" * 10_000, 0),
        ("the council says that the road is closed and " * 400, 0),
        ("SHAW: We will mend the road.\n" * 250, 250),
    ],
    ids=["75,000 characters", "10,000 marks", "no sentence end", "250 turns"],
)
def test_bad_texts_of_any_size_get_a_whole_answer(text: str, least: int) -> None:
    found = one(text)
    assert found.problem == ""
    assert len(found.statements) >= least
    assert all(0 <= s < e <= len(text) for one_ in found.statements for s, e in one_.content)


def test_long_texts_are_cut_between_words_and_joined_again() -> None:
    sentence = "Coun Ada Winship said the road would be mended. "
    text = sentence * (PIECE_CHARS // len(sentence) * 2)
    cut = pieces(text)
    assert len(cut) > 1
    assert "".join(cut) == text
    assert all(len(piece) <= PIECE_CHARS for piece in cut)
    assert all(piece.endswith((" ", ".")) for piece in cut)
    found = one(text).statements
    assert len(found) > len(text) // len(sentence) * 0.9
    assert {s.speaker for s in found} == {"Ada Winship"}


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_pieces_and_blanks_keep_every_offset(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert len(blanked(text, page_furniture(text))) == len(text)


def test_a_missing_model_says_what_to_install() -> None:
    with pytest.raises(WrongUse, match="install the package en-core-none"):
        load_model("en_core_none")


def test_parts_of_speech_looked_up_are_those_of_the_models_own_rules() -> None:
    """Over the sample's articles, token by token."""
    model = spacy.load(MODEL, exclude=["lemmatizer", "ner"])
    ruler = model.get_pipe(RULER)
    model.disable_pipe(RULER)
    read = list(model.pipe(line_texts()))
    looked_up = [load_model(MODEL).get_pipe(LOOKED_UP)(doc.copy()) for doc in read]
    there = [(t.text, t.tag_, t.dep_, t.pos_) for doc in read for t in ruler(doc)]
    found = [(t.text, t.tag_, t.dep_, t.pos_) for doc in looked_up for t in doc]
    assert len({tag for _, tag, _, _ in there}) > 30
    assert ("are", "VBP", "ROOT", "VERB") in there  # by the word before: "there are"
    assert found == there


def test_rules_that_cannot_be_looked_up_are_matched() -> None:
    model = spacy.blank("en")
    model.add_pipe(RULER).add([[{"LOWER": {"REGEX": "^promis"}}]], {"POS": "VERB"})
    assert not understood(model.get_pipe(RULER))
    assert RULER in with_parts_of_speech(model).pipe_names
    assert [t.pos_ for t in model("She promised")] == ["", "VERB"]
