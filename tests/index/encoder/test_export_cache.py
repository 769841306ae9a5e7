"""The cache of exports: whole or not there, whoever is killed, and never in the way of an answer."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoder import export_cache
from index.encoder.encoder import load_encoder
from index.encoder.export_cache import NotExported, _is_whole, _name, exported_encoder
from index.encoder.model_files import Identity, identify
from index.encoder.torch_encoder import SentenceTransformerEncoder
from index.errors import BadModel, ForeignIndex
from tests.conftest import PROJECT
from tests.encoders import exported_here, odd_encoders
from tests.processes import child_of, gone

pytestmark = pytest.mark.slow

_SCRIPT = """
import logging, sys
logging.basicConfig(format="%(message)s", level=logging.WARNING)
from index.encoder.encoder import load_encoder
from index.encoder.model_files import identify
encoder = load_encoder(identify(sys.argv[1]))
print(type(encoder).__name__, *encoder.questions(["dry soil"])[0])
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tiny models, two of which cannot be exported."""
    return odd_encoders(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A cache with one export: two processes made it at once, after one that was killed while it exported."""
    home = tmp_path_factory.mktemp("cache")
    killed = _started(models / "mean", home)
    child = child_of(killed.pid)
    killed.kill()
    killed.communicate()
    gone(child)
    assert [path.suffix for path in _root(home).iterdir() if path.is_dir()] == [".part"]

    both = [_started(models / "mean", home) for _ in range(2)]
    ended = [process.communicate(timeout=240) for process in both]
    assert len({said for said, _ in ended}) == 1
    assert ended[0][0].startswith("ExportedEncoder ")
    notes = [line for _, errors in ended for line in errors.splitlines()]
    name = str((models / "mean").resolve())
    assert notes == [f"{name} is exported to run fast on CPUs; this takes up to a minute, once"]
    return home


@pytest.fixture
def cache(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that cache, which this process uses: the folder of its one export."""
    shutil.copytree(whole, tmp_path / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return _export(tmp_path / "cache")


def _root(home: Path) -> Path:
    return home / "citewell" / "models"


def _export(home: Path) -> Path:
    (folder,) = [path for path in _root(home).iterdir() if path.is_dir()]
    return folder


def _started(model: Path, home: Path, script: str = _SCRIPT, **env: str) -> subprocess.Popen[str]:
    given = {**os.environ, "XDG_CACHE_HOME": str(home), **env}
    command = [sys.executable, "-c", script, str(model)]
    return subprocess.Popen(command, cwd=PROJECT, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _vector(identity: Identity) -> list[float]:
    return [float(number) for number in exported_encoder(identity).questions(["dry soil"])[0]]


def test_after_a_kill_two_processes_at_once_make_one_whole_export(whole: Path) -> None:
    names = {"network.xml", "network.bin", "tokenizer.json", "about.json", "files.json"}

    assert {path.name for path in _export(whole).iterdir()} == names
    assert sorted(path.name for path in _root(whole).iterdir()) == sorted([_export(whole).name, "lock"])


def test_a_kept_export_is_used_and_marked_as_used(cache: Path, models: Path, caplog: pytest.LogCaptureFixture) -> None:
    os.utime(cache / "files.json", (0, 0))

    assert np.linalg.norm(_vector(identify(str(models / "mean")))) == pytest.approx(1, abs=1e-6)
    assert caplog.messages == []
    assert (cache / "files.json").stat().st_mtime > 0


def test_a_killed_export_is_no_verdict(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run, dies = subprocess.run, [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    monkeypatch.setattr(subprocess, "run", lambda _, **options: run(dies, **options))

    assert type(load_encoder(identify(str(models / "mean")))) is SentenceTransformerEncoder
    assert caplog.messages[-1] == (
        f"{(models / 'mean').resolve()} runs on sentence-transformers, several times slower: "
        "exporting it failed (it ended with -9)"
    )
    assert [path.name for path in _root(tmp_path).iterdir()] == ["lock"]


@pytest.mark.parametrize("name", ["network.xml", "tokenizer.json", "about.json", "files.json", "network.bin"])
def test_a_damaged_file_is_seen(name: str, cache: Path) -> None:
    assert _is_whole(cache)
    (cache / name).write_bytes((cache / name).read_bytes()[:-1] + b"?")

    assert not _is_whole(cache)


@pytest.fixture
def at_once(whole: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An export is a copy of that in the first cache, which a process of its own made: the models "exported"."""
    exported: list[str] = []

    def copy(model: str, fresh: Path) -> None:
        exported.append(model)
        shutil.copytree(_export(whole), fresh, ignore=shutil.ignore_patterns("files.json"))

    monkeypatch.setattr(export_cache, "_export", copy)
    return exported


def test_a_damaged_export_is_named_and_made_anew_and_old_ones_go(
    cache: Path, models: Path, at_once: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    wanted = _vector(identify(str(models / "mean")))
    assert at_once == []
    raw = (cache / "network.bin").read_bytes()
    (cache / "network.bin").write_bytes(bytes([raw[0] ^ 1]) + raw[1:])
    for name, age in (("unused", 31 * 24 * 3600), ("used", 29 * 24 * 3600)):
        (cache.parent / name).mkdir()
        (cache.parent / name / "files.json").write_text("{}", "utf-8")
        os.utime(cache.parent / name / "files.json", (time.time() - age,) * 2)
    (cache.parent / "left.part").mkdir()

    assert _vector(identify(str(models / "mean"))) == wanted
    assert (at_once, _is_whole(cache)) == ([str((models / "mean").resolve())], True)
    assert caplog.messages[0] == f"the exported model in {cache} is damaged or old, and is made anew"
    assert sorted(path.name for path in cache.parent.iterdir()) == sorted([cache.name, "lock", "used"])


def test_other_weights_are_refused_beside_an_export(cache: Path, models: Path) -> None:
    found = identify(str(models / "mean"))

    with pytest.raises(ForeignIndex, match=f"of sha256 000000000000…, but the weights here have {found.weights[:12]}"):
        exported_encoder(replace(found, weights="0" * 64))
    assert _export(cache.parents[2]) == cache


@pytest.mark.parametrize("name", ["tokenizer.json", "1_Pooling/config.json"])
def test_another_file_beside_equal_weights_is_another_export(name: str, models: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(models / "mean", tmp_path / "other"))
    same, other = identify(str(models / "mean")), identify(str(folder))
    assert same.weights == other.weights
    assert _name(same, "1") == _name(other, "1") != _name(same, "2")

    (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
    assert _name(same, "1") != _name(other, "1")


@pytest.mark.usefixtures("cache", "at_once")
def test_a_cache_that_cannot_be_written_is_told_once_and_does_without(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = _vector(identify(str(models / "mean")))
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert _vector(identify(str(models / "mean"))) == wanted
    said = f"no exported model can be kept in {tmp_path / 'file' / 'citewell' / 'models'} ("
    told = [message for message in caplog.messages if message.startswith(said)]
    assert len(told) == 1
    assert told[0].endswith("Make that folder writable, or name another in XDG_CACHE_HOME")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    with pytest.raises(NotExported, match=r"^there is no folder to export it to "):
        exported_encoder(identify(str(models / "mean")))
    assert [message for message in caplog.messages if message.startswith(said)] == told


def test_what_cannot_be_exported_is_tried_once_a_month_and_said_once_a_process(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", exported_here)
    identity = identify(str(models / "left"))
    for _ in range(2):
        assert type(load_encoder(identity)) is SentenceTransformerEncoder
    ready, slower = [record.getMessage() for record in caplog.records if record.name.startswith("index.")]
    assert ready == f"{identity.model} is exported to run fast on CPUs; this takes up to a minute, once"
    reason = "the exported model gives other vectors ("
    assert slower.startswith(f"{identity.model} runs on sentence-transformers, several times slower: {reason}")

    verdict = _export(tmp_path) / "unsupported.txt"
    assert _is_whole(verdict.parent)
    os.utime(verdict, (time.time() - 31 * 24 * 3600,) * 2)
    assert not _is_whole(verdict.parent)


def test_a_model_that_does_not_load_is_one_error(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(subprocess, "run", exported_here)
    folder = Path(shutil.copytree(models / "mean", tmp_path / "broken"))
    (folder / "config.json").write_text("garbage", "utf-8")

    with pytest.raises(BadModel, match=f"^{folder} does not load as a sentence-transformers model: .*Fetch it again$"):
        exported_encoder(identify(str(folder)))
    assert [path.name for path in _root(tmp_path / "cache").iterdir()] == ["lock"]


def test_without_openvino_nothing_is_exported(models: Path, tmp_path: Path) -> None:
    (tmp_path / "openvino.py").write_text("raise ImportError('no such processor')", "utf-8")
    script = (
        "import sys; from index.encoder.export_cache import NotExported, exported_encoder;"
        "from index.encoder.model_files import identify\n"
        "try: exported_encoder(identify(sys.argv[1]))\n"
        "except NotExported as reason: print(reason)"
    )
    process = _started(models / "mean", tmp_path / "cache", script, PYTHONPATH=f"{tmp_path}{os.pathsep}{PROJECT}")

    assert process.communicate(timeout=240) == ("OpenVINO does not run here (no such processor)\n", "")
    assert not (tmp_path / "cache").exists()
