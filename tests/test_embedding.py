"""The embedder: the published model's vectors, checked files, hostile texts."""

import shutil

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from ledger.errors import WrongUse
from nlp.models.package import package_folder
from nlp.text import embeddings
from nlp.text.embeddings import Embedder, rarity

HOSTILE = ("\x00\x07", "\ud800 lone surrogate", "x" * 200_000, "word " * 50_000, "🎈" * 999)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def test_vectors_keep_order_and_length(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["The library will reopen by Easter.", "A much longer sentence " * 20, "Trams.", ""]
    vectors = embedder.encode(texts)
    assert vectors.shape == (4, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    monkeypatch.setattr(embeddings, "_known", {})  # encoded again, each by itself
    alone = np.stack([embedder.encode([text])[0] for text in texts])
    assert np.allclose(vectors, alone, atol=1e-5)


def test_meaning_over_words(embedder: Embedder) -> None:
    said, again, other = embedder.encode(
        [
            "We will hire 300 more police officers.",
            "Three hundred extra constables are going to be recruited.",
            "We will freeze council tax for two years.",
        ]
    )
    assert said @ again > said @ other


def test_the_vectors_are_the_published_models(embedder: Embedder) -> None:
    """Those that sentence-transformers gives, whatever the text: its marks, its script, its length."""
    model = SentenceTransformer(str(package_folder()), device="cpu", local_files_only=True)
    model.max_seq_length = embeddings.MAX_TOKENS
    texts = [
        *("", " ", "a", "This is an example sentence", "Don’t – “we’ll” spend £6m (or €7,5) on it!?"),
        *(f"{'tram ' * number}stop" for number in (1, 60, 252, 253, 254, 255, 256, 400)),
        *("[CLS] The mayor [MASK] said [SEP][PAD]", "x" * 100, "x" * 101, "line\r\nline\tend\u00a0\u200b"),
        *("Ĥéllo a\u0301", "İstanbul ß ﬁ ½ ①", "漢字かな交じり文", "مرحبا بالعالم", "नमस्ते", "👩‍👩‍👧 🎈" * 40),
        *HOSTILE,
    ]
    whole = [text[: embeddings.MAX_CHARS].encode("utf-8", "replace").decode() for text in texts]
    theirs = model.encode(whole, normalize_embeddings=True, show_progress_bar=False)
    assert np.abs(embedder.encode(texts) - theirs).max() < 1e-6


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_have_vectors(embedder: Embedder, text: str) -> None:
    assert np.isfinite(embedder.encode([text])).all()


def test_nothing_to_encode(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, 384)


def test_an_absent_model_is_named_with_the_remedy(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(WrongUse, match=r"model\.safetensors is absent.*pip install"):
        Embedder(tmp_path).encode(["a"])


def test_another_checksum_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "model.safetensors").write_bytes(b"not the model")
    with pytest.raises(WrongUse, match=r"has SHA-256 [0-9a-f]{64}, not 53aa5117"):
        Embedder(tmp_path).encode(["a"])


def test_a_changed_file_is_read_again(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "model.safetensors"
    shutil.copy(package_folder() / "model.safetensors", file)
    embeddings.check(file)
    with file.open("ab") as end:
        end.write(b"x")
    with pytest.raises(WrongUse, match="SHA-256"):
        embeddings.check(file)


def test_an_absent_tokenizer_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    shutil.copy(package_folder() / "model.safetensors", tmp_path / "model.safetensors")
    with pytest.raises(WrongUse, match=r"tokenizer\.json is absent"):
        Embedder(tmp_path).encode(["a"])


def test_rarity_orders_words() -> None:
    assert rarity("the") < rarity("council") < rarity("library") < rarity("potholes") <= 1.0
    assert rarity("zzyzx") == 1.0
    assert rarity("offices") <= rarity("office") + 1e-9
