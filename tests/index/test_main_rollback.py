"""The command line on builds that are kept, on passages that are reused, and on two builds at once."""

import json
from pathlib import Path

import pytest

from index.__main__ import main
from index.encoder.model_files import DEFAULT_MODEL
from index.ingestion.manifest import read_manifest
from index.ingestion.report import VectorSources, vector_sources_text
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, writing
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder

pytestmark = pytest.mark.slow

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def two(root: Path, folder: Path) -> tuple[Path, Path]:
    """The older and the newer, live build of an index."""
    old = live_build(root)
    build(write_articles(folder, {"sun.md": "The Sun is hot."}), root, IDENTITY, load=HashingEncoder)
    return old, live_build(root)


def _created(build: Path) -> str:
    return read_manifest(build).created


def test_rolling_back_says_which_build_is_live_now(two: tuple[Path, Path], root: Path, capsys: Capture) -> None:
    old, new = two

    assert main(["rollback", "--index", str(root)]) == 0
    assert capsys.readouterr() == (
        f"{root} is back at build {old.name} of {_created(old)}: 3 articles, 4 passages (build {new.name} is kept)\n",
        "",
    )
    assert live_build(root) == old


def test_rolling_back_as_json(two: tuple[Path, Path], root: Path, capsys: Capture) -> None:
    old, new = two

    assert main(["rollback", "--index", str(root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "build": old.name,
        "live": True,
        "created": _created(old),
        "articles": 3,
        "passages": 4,
        "before": new.name,
    }


def test_rolling_back_with_one_build_is_one_sentence(root: Path, capsys: Capture) -> None:
    assert main(["rollback", "--index", str(root)]) == 2
    assert capsys.readouterr() == (
        "",
        f"error: {root} keeps no whole build beside {live_build(root).name}. "
        "Put the articles back as they were and build again: python -m index build FOLDER\n",
    )


def test_info_lists_both_builds(two: tuple[Path, Path], root: Path, capsys: Capture) -> None:
    old, new = two

    assert main(["info", "--index", str(root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == [
        {"build": new.name, "live": True, "created": _created(new), "articles": 4, "passages": 5},
        {"build": old.name, "live": False, "created": _created(old), "articles": 3, "passages": 4},
    ]
    assert main(["info", "--index", str(root)]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"kept            {new.name} of {_created(new)}, 5 passages (live)",
        f"kept            {old.name} of {_created(old)}, 4 passages (rollback makes it the live one)",
    ]


def test_a_build_over_one_of_another_encoder_says_that_nothing_is_taken(
    folder: Path, root: Path, capsys: Capture
) -> None:
    before = live_build(root)

    assert main(["build", str(folder), "--index", str(root), "--model", DEFAULT_MODEL]) == 0
    output, errors = capsys.readouterr()
    assert output.splitlines()[1] == "encoded 4 of 4 passages"
    assert errors == f"note: nothing is taken from the build before: {before} is of another encoder, hashing\n"


def test_a_second_build_gives_up_at_once_and_says_so(folder: Path, root: Path, capsys: Capture) -> None:
    with writing(root):
        assert main(["build", str(folder), "--index", str(root)]) == 2

    assert capsys.readouterr().err == (
        f"error: another build is writing to {root}. Wait for it to end, then build again\n"
    )


@pytest.mark.parametrize(
    ("origins", "said"),
    [
        (VectorSources(), ""),
        (VectorSources(encoded=3, reused=1277), "encoded 3 of 1,280 passages, 1,277 taken from the build before"),
        (
            VectorSources(encoded=1, repeated=2, reused=3, resumed=4),
            "encoded 1 of 10 passages, 3 taken from the build before, 4 from a build that was stopped, "
            "2 equal to another",
        ),
    ],
)
def test_origins_in_words(origins: VectorSources, said: str) -> None:
    assert vector_sources_text(origins) == said
