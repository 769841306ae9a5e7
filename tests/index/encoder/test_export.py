"""What an export holds, and what cannot be exported."""

import json
import sys
from pathlib import Path

import pytest

from index.encoder.export import BAD, UNSUPPORTED, Unsupported, export, main
from index.encoder.model_files import Identity
from index.encoder.openvino_encoder import ExportedEncoder
from tests.encoders import odd_encoders

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tiny models, two of which cannot be exported."""
    return odd_encoders(tmp_path_factory.mktemp("models"))


def test_an_export_says_how_the_model_is_used(models: Path, tmp_path: Path) -> None:
    export(models / "mean", tmp_path / "mean")
    export(models / "cls", tmp_path / "cls")

    names = {"network.xml", "network.bin", "tokenizer.json", "about.json"}
    assert {path.name for path in (tmp_path / "mean").iterdir()} == names
    about = {"reads": 40, "dimension": 16, "pools_sentences": True, "unknown": 1, "padding": 0}
    assert json.loads((tmp_path / "mean" / "about.json").read_text("utf-8")) == {"model": about}
    assert json.loads((tmp_path / "cls" / "about.json").read_text("utf-8"))["model"]["pools_sentences"] is False
    assert ExportedEncoder(tmp_path / "cls", Identity("cls", "")).max_tokens == 38


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("recurrent", r"^it cannot be traced \(.+\)$"),
        ("left", r"^the exported model gives other vectors \(cosine 0?-?0\.\d{4}\)$"),
    ],
)
def test_a_model_that_would_run_otherwise_is_not_exported(name: str, reason: str, models: Path, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=reason):
        export(models / name, tmp_path / "target")


def test_the_command_says_why_on_its_last_line(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["export", str(models / "left"), str(tmp_path / "left")])
    assert main() == UNSUPPORTED
    assert capsys.readouterr().out.splitlines()[-1].startswith("the exported model gives other vectors (cosine ")

    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(sys, "argv", ["export", str(tmp_path / "empty"), str(tmp_path / "target")])
    assert main() == BAD
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith(f"{tmp_path / 'empty'} does not load as a sentence-transformers model: ")
    assert not (tmp_path / "target").exists()
