"""The reference against sentence-transformers itself, with the default model and with tiny ones made here."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.arrays import Vectors
from index.encoder.model_files import DEFAULT_MODEL, Identity, identify, model_folder
from index.encoder.torch_encoder import SentenceTransformerEncoder, load_reference
from index.errors import BadModel, ForeignIndex
from tests.encoders import tiny_encoders

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

pytestmark = pytest.mark.slow

TEXTS = ["Lunar soil is dry. A probe brought some of it home.", "Bees fly."]
SENTENCES = [[(0, 18), (19, 51)], [(0, 9)]]


def _load(folder: Path) -> "SentenceTransformer":
    """The model in a folder as sentence-transformers loads it."""
    from sentence_transformers import SentenceTransformer  # slow to import

    return SentenceTransformer(str(folder), local_files_only=True)


@pytest.fixture(scope="module")
def reference() -> "SentenceTransformer":
    """The default model as sentence-transformers loads it."""
    return _load(model_folder(DEFAULT_MODEL))


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEncoder:
    """The encoder made of the default model."""
    return load_reference(identify(DEFAULT_MODEL))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two models: `cls` and `mean` are how they pool."""
    return tiny_encoders(tmp_path_factory.mktemp("tiny"))


def _encode(model: "SentenceTransformer", texts: list[str]) -> Vectors:
    return np.asarray(model.encode(texts, normalize_embeddings=True), np.float32)


def _states(model: "SentenceTransformer", text: str) -> Vectors:
    """The states of a text's tokens, those of beginning and end left out."""
    states: Any = model.encode(text, output_value="token_embeddings")
    return np.asarray(states.cpu().numpy()[1:-1], np.float32)


def _unit(vector: Vectors) -> Vectors:
    return vector / np.float32(np.linalg.norm(vector))


def test_the_default_model_reads_254_tokens_into_384_numbers(encoder: SentenceTransformerEncoder) -> None:
    assert (encoder.max_tokens, encoder.dimension) == (254, 384)


def test_tokens_are_counted_without_those_of_beginning_and_end(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.count_tokens(["Lunar soil is dry.", "", "unaffable", "word " * 300]) == [5, 0, 3, 300]


def test_vectors_are_those_of_sentence_transformers(
    encoder: SentenceTransformerEncoder, reference: "SentenceTransformer"
) -> None:
    passages, _ = encoder.passages(TEXTS, SENTENCES)

    assert passages == pytest.approx(_encode(reference, TEXTS), abs=1e-5)
    assert encoder.questions(TEXTS) == pytest.approx(_encode(reference, TEXTS), abs=1e-5)
    assert encoder.questions([]).shape == (0, 384)


def test_a_sentence_is_the_mean_of_its_own_token_states(
    encoder: SentenceTransformerEncoder, reference: "SentenceTransformer"
) -> None:
    _, sentences = encoder.passages(TEXTS, SENTENCES)

    first, second = _states(reference, TEXTS[0]), _states(reference, TEXTS[1])
    wanted = [first[:5].mean(axis=0), first[5:].mean(axis=0), second.mean(axis=0)]
    assert sentences == pytest.approx(np.stack([_unit(mean) for mean in wanted]), abs=1e-5)
    assert np.linalg.norm(sentences, axis=1) == pytest.approx([1, 1, 1], abs=1e-6)


def test_a_question_is_nearest_to_the_sentence_that_answers_it(encoder: SentenceTransformerEncoder) -> None:
    passages, sentences = encoder.passages(TEXTS, SENTENCES)
    soil, bees = encoder.questions(["Is the soil of the Moon wet?", "Which insects can fly?"])

    assert [int((passages @ question).argmax()) for question in (soil, bees)] == [0, 1]
    assert [int((sentences @ question).argmax()) for question in (soil, bees)] == [0, 2]


def test_a_sentence_that_is_no_longer_read_has_the_vector_of_its_passage(encoder: SentenceTransformerEncoder) -> None:
    text = "word " * 300 + "Last."
    passages, sentences = encoder.passages([text], [[(0, 4), (1500, 1505)]])

    assert sentences[1].tolist() == passages[0].tolist()
    assert sentences[0].tolist() != passages[0].tolist()


def test_prefixes_are_encoded_and_shift_no_sentence(reference: "SentenceTransformer") -> None:
    encoder = load_reference(identify(DEFAULT_MODEL, "query: ", "passage: "))
    passages, sentences = encoder.passages(TEXTS, SENTENCES)

    assert encoder.max_tokens == 252
    assert encoder.questions(["dry?"]) == pytest.approx(_encode(reference, ["query: dry?"]), abs=1e-5)
    assert passages == pytest.approx(_encode(reference, [f"passage: {text}" for text in TEXTS]), abs=1e-5)
    states = _states(reference, f"passage: {TEXTS[0]}")[2:]  # `passage` and `:` are a token each
    assert sentences[0] == pytest.approx(_unit(states[:5].mean(axis=0)), abs=1e-5)
    assert sentences[1] == pytest.approx(_unit(states[5:].mean(axis=0)), abs=1e-5)


def test_a_prefix_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(BadModel) as refused:
        load_reference(identify(DEFAULT_MODEL, passage_prefix="word " * 250))

    assert str(refused.value) == (
        f"the passage prefix {('word ' * 250)[:40]!r} leaves 4 of the 256 tokens that all-MiniLM-L6-v2 reads. "
        "Give a shorter --passage-prefix"
    )


def test_a_model_that_pools_otherwise_encodes_sentences_alone(tiny: Path) -> None:
    model = _load(tiny / "cls")
    encoder = load_reference(identify(str(tiny / "cls"), passage_prefix="passage: "))
    passages, sentences = encoder.passages(TEXTS, SENTENCES)

    assert (encoder.max_tokens, encoder.dimension) == (36, 16)
    alone = [text[start:end] for text, spans in zip(TEXTS, SENTENCES, strict=True) for start, end in spans]
    assert sentences == pytest.approx(_encode(model, [f"passage: {part}" for part in alone]), abs=1e-5)
    assert passages == pytest.approx(_encode(model, [f"passage: {text}" for text in TEXTS]), abs=1e-5)
    assert encoder.questions(["dry"]) == pytest.approx(_encode(model, ["dry"]), abs=1e-5)


def test_a_model_that_takes_the_mean_pools_its_sentences(tiny: Path) -> None:
    model = _load(tiny / "mean")
    _, sentences = load_reference(identify(str(tiny / "mean"))).passages(TEXTS, SENTENCES)

    states = _states(model, TEXTS[0])
    assert sentences[0] == pytest.approx(_unit(states[:5].mean(axis=0)), abs=1e-5)
    assert sentences[1] == pytest.approx(_unit(states[5:].mean(axis=0)), abs=1e-5)
    assert sentences[0] != pytest.approx(_encode(model, ["Lunar soil is dry."])[0], abs=1e-3)


def test_other_weights_than_the_index_was_built_with_are_refused(tiny: Path) -> None:
    found = identify(str(tiny / "cls"))

    with pytest.raises(ForeignIndex) as refused:
        load_reference(Identity(found.model, "0" * 64))
    assert str(refused.value) == (
        f"the index was built with {found.model} of sha256 000000000000…, "
        f"but the weights here have {found.weights[:12]}…. Rebuild it: python -m index build FOLDER --index INDEX"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", b"garbage"),
        ("config.json", b"{}"),
        ("modules.json", b"garbage"),
        ("1_Pooling/config.json", b"{}"),
        ("tokenizer.json", b"garbage"),
    ],
)
def test_a_model_that_does_not_load_is_one_clear_sentence(
    name: str, content: bytes, tiny: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(tiny / "cls", folder)
    (folder / name).write_bytes(content)

    with pytest.raises(BadModel) as refused:
        load_reference(identify(str(folder)))
    message = str(refused.value)
    assert message.startswith(f"{folder} does not load as a sentence-transformers model: ")
    assert message.endswith(". Fetch it again")
    assert "\n" not in message
