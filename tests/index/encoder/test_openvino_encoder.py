"""Both ways of running a model give the same vectors: OpenVINO's against those of sentence-transformers."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import Vectors
from index.encoder.encoder import Encoder
from index.encoder.export import export
from index.encoder.export_cache import exported_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.encoder.openvino_encoder import ExportedEncoder
from index.encoder.torch_encoder import load_reference
from index.errors import BadModel
from index.passages.chunking import Chunking, split
from index.passages.sentences import Span
from index.reading.folder import read_folder
from tests.conftest import PROJECT
from tests.encoders import tiny_encoders

pytestmark = pytest.mark.slow

LEAST_COSINE = 0.9995
NEAR_TIE = 0.001
ODD = [
    "",
    " \n\t ",
    "?",
    "dry",
    "绿茶不发酵。红茶完全发酵，产量为120吨。",
    "🙂🚀👩‍🔬 says hello",
    "हिन्दी עברית Ελληνικά",
    "x" * 400,
    "A sentence that comes again and again. " * 200,
    "naïve café ﬁnance ½ ①",
    "\x00 a control \x1f character",
]
MODULES = {"cls": 16, "mean": 16, "dense": 24}  # the width of their vectors
Made = tuple[list[str], list[list[Span]]]


@pytest.fixture(scope="module")
def exported() -> ExportedEncoder:
    """The default model by OpenVINO."""
    return exported_encoder(identify(DEFAULT_MODEL))


@pytest.fixture(scope="module")
def reference() -> Encoder:
    """The default model by sentence-transformers."""
    return load_reference(identify(DEFAULT_MODEL))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models named after their modules, `cls`, `mean` and `dense`, each with its export beside it."""
    folder = tiny_encoders(tmp_path_factory.mktemp("tiny"))
    for model in MODULES:
        export(folder / model, folder / f"{model}-exported")
    return folder


@pytest.fixture(scope="module")
def made(exported: ExportedEncoder) -> Made:
    """The passages of every twelfth of the project's own articles, and the spans of their sentences."""
    texts, sentences = [], []
    for article in read_folder(PROJECT / "source_texts").articles[::12]:
        for chunk in split(article, exported.count_tokens, Chunking()):
            start, end = chunk.span
            texts.append(article.text[start:end])
            sentences.append([(first - start, last - start) for first, last in chunk.sentences])
    return texts, sentences


@pytest.fixture(scope="module")
def both(exported: ExportedEncoder, reference: Encoder, made: Made) -> list[tuple[Vectors, Vectors]]:
    """The vectors of those passages and sentences, by OpenVINO and by sentence-transformers."""
    return [encoder.passages(*made) for encoder in (exported, reference)]


def _least_cosine(some: Vectors, others: Vectors) -> float:
    assert some.shape == others.shape
    assert some.dtype == others.dtype == np.float32
    return float(np.sum(some * others, axis=1).min())


def test_passages_and_sentences_are_those_of_the_reference(both: list[tuple[Vectors, Vectors]], made: Made) -> None:
    (ours, our_sentences), (theirs, their_sentences) = both

    assert (len(ours), len(our_sentences)) == (len(made[0]), sum(map(len, made[1])))
    assert _least_cosine(ours, theirs) >= LEAST_COSINE
    assert _least_cosine(our_sentences, their_sentences) >= LEAST_COSINE
    assert np.linalg.norm(ours, axis=1) == pytest.approx(np.ones(len(ours)), abs=1e-6)


def test_the_first_hit_is_the_same_unless_two_are_nearly_equal(
    exported: ExportedEncoder, reference: Encoder, both: list[tuple[Vectors, Vectors]]
) -> None:
    lines = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines[::15]]
    ours, theirs = exported.questions(questions), reference.questions(questions)
    assert _least_cosine(ours, theirs) >= LEAST_COSINE

    our_first = (ours @ both[0][0].T).argmax(axis=1)
    scores = theirs @ both[1][0].T
    lost = scores.max(axis=1) - scores[np.arange(len(questions)), our_first]
    assert [question for question, gap in zip(questions, lost, strict=True) if gap >= NEAR_TIE] == []


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_have_the_vectors_of_the_reference(text: str, exported: ExportedEncoder, reference: Encoder) -> None:
    spans = [[(0, len(text)), (0, len(text) // 2), (len(text), len(text))]]

    assert _least_cosine(exported.questions([text]), reference.questions([text])) >= LEAST_COSINE
    pairs = zip(exported.passages([text], spans), reference.passages([text], spans), strict=True)
    assert min(_least_cosine(ours, theirs) for ours, theirs in pairs) >= LEAST_COSINE


def test_odd_texts_beside_each_other_have_the_vectors_that_they_have_alone(exported: ExportedEncoder) -> None:
    alone = np.concatenate([exported.questions([text]) for text in ODD])

    assert _least_cosine(exported.questions(ODD), alone) >= 0.9999
    assert _least_cosine(exported.questions(ODD[::-1] * 3)[: len(ODD)][::-1], alone) >= 0.9999


def test_nothing_to_encode_gives_no_rows(exported: ExportedEncoder) -> None:
    assert exported.questions([]).shape == (0, 384)
    assert [part.shape for part in exported.passages([], [])] == [(0, 384), (0, 384)]
    assert [part.shape for part in exported.passages(["Bees fly."], [[]])] == [(1, 384), (0, 384)]
    assert exported.count_tokens([]) == exported.known_shares([]) == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=4), st.integers(0, 120))
@settings(max_examples=60)
def test_tokens_are_counted_and_known_as_by_the_reference(
    exported: ExportedEncoder, reference: Encoder, texts: list[str], times: int
) -> None:
    texts = [*texts, "".join(texts) * times]

    assert exported.count_tokens(tuple(texts)) == reference.count_tokens(texts)
    assert exported.known_shares(texts) == reference.known_shares(texts)


def test_what_the_model_would_not_read_is_counted_and_known(exported: ExportedEncoder) -> None:
    assert exported.max_tokens == 254
    assert exported.count_tokens(["word " * 700, "", "unaffable"]) == [700, 0, 3]
    assert exported.known_shares(["word " * 300 + "𒀀 " * 100, "", "𒀀"]) == [0.75, 1.0, 0.0]


def test_a_sentence_that_is_no_longer_read_has_the_vector_of_its_passage(exported: ExportedEncoder) -> None:
    passages, sentences = exported.passages(["word " * 300 + "Last."], [[(0, 4), (1500, 1505)]])

    assert sentences[1].tolist() == passages[0].tolist()
    assert sentences[0].tolist() != passages[0].tolist()


@pytest.mark.parametrize("text", ["Lunar soil is dry. A probe brought some of it home.", "绿茶不发酵。", "word " * 400])
def test_parts_are_those_of_the_reference_and_sum_to_the_cosine(
    text: str, exported: ExportedEncoder, reference: Encoder
) -> None:
    question = reference.questions(["Is lunar soil dry?"])[0]
    ours, theirs = exported.parts(text, question), reference.parts(text, question)

    assert ours is not None
    assert theirs is not None
    assert [span for span, _ in ours] == [span for span, _ in theirs]
    assert [part for _, part in ours] == pytest.approx([part for _, part in theirs], abs=0.005)
    cosine = float(exported.passages([text], [[]])[0][0] @ question)
    assert sum(part for _, part in ours) == pytest.approx(cosine, abs=1e-5)


def test_prefixes_are_read_and_shift_no_sentence() -> None:
    identity = identify(DEFAULT_MODEL, "query: ", "passage: ")
    exported, reference = exported_encoder(identity), load_reference(identity)
    texts, spans = ["Lunar soil is dry. A probe brought some of it home.", "Bees fly."], [[(0, 18), (19, 51)], [(0, 9)]]

    assert exported.max_tokens == reference.max_tokens == 252
    assert _least_cosine(exported.questions(["dry?"]), reference.questions(["dry?"])) >= LEAST_COSINE
    for ours, theirs in zip(exported.passages(texts, spans), reference.passages(texts, spans), strict=True):
        assert _least_cosine(ours, theirs) >= LEAST_COSINE


def test_a_prefix_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(BadModel, match=r"leaves 4 of the 256 tokens that all-MiniLM-L6-v2 reads\. Give a shorter"):
        exported_encoder(identify(DEFAULT_MODEL, passage_prefix="word " * 250))


@pytest.mark.parametrize(("model", "width"), MODULES.items())
def test_models_of_other_modules_give_the_vectors_of_the_reference(model: str, width: int, tiny: Path) -> None:
    identity = identify(str(tiny / model), "dry ", "passage: ")
    exported, reference = ExportedEncoder(tiny / f"{model}-exported", identity), load_reference(identity)
    texts, spans = ["Lunar soil is dry. A probe brought some.", "", "bees " * 90], [[(0, 18), (19, 40)], [(0, 0)], []]

    assert (exported.max_tokens, exported.dimension) == (reference.max_tokens, reference.dimension) == (36, width)
    assert exported.known_shares(["lunar cheese"]) == [0.5]
    assert _least_cosine(exported.questions(texts), reference.questions(texts)) >= LEAST_COSINE
    for ours, theirs in zip(exported.passages(texts, spans), reference.passages(texts, spans), strict=True):
        assert _least_cosine(ours, theirs) >= LEAST_COSINE
    assert (exported.parts("dry", exported.questions(["dry"])[0]) is None) == (model != "mean")


def test_an_encoder_needs_its_files_only_while_it_is_made(tiny: Path, tmp_path: Path) -> None:
    identity = identify(str(tiny / "mean"))
    folder = Path(shutil.copytree(tiny / "mean-exported", tmp_path / "copy"))
    encoder = ExportedEncoder(folder, identity)
    wanted = encoder.questions(["dry"]).tolist()
    shutil.rmtree(folder)

    assert encoder.questions(["dry"]).tolist() == wanted
    assert encoder.passages(["dry"] * 2_000, [[]] * 2_000)[0][:1].tolist() == wanted  # in batches, side by side
    assert encoder.count_tokens(["lunar soil"]) == [2]
