"""The builds that are kept, and going back from one to the other."""

import re
import shutil
from pathlib import Path

import pytest

from index.errors import BuildFailed, DamagedIndex, NoIndex, UserError
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, roll_back, verify_live, whole_builds, writing
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.processes import seen


@pytest.fixture
def two(root: Path, folder: Path) -> Path:
    """An index with two builds; in the live one there is another article."""
    build(write_articles(folder, {"sun.md": "The Sun is hot."}), root, IDENTITY, load=HashingEncoder)
    return root


def test_rolling_back_makes_the_build_before_live_again_and_doing_it_twice_undoes_it(root: Path, folder: Path) -> None:
    old, old_view = live_build(root), seen(root)
    build(write_articles(folder, {"sun.md": "The Sun is hot."}), root, IDENTITY, load=HashingEncoder)
    new, new_view = live_build(root), seen(root)

    assert roll_back(root) == (old, new)
    assert (live_build(root), seen(root), verify_live(root)[1]) == (old, old_view, [])
    assert roll_back(root) == (new, old)
    assert (live_build(root), seen(root), verify_live(root)[1]) == (new, new_view, [])


def test_the_next_build_of_the_folder_brings_the_newer_build_back_without_encoding(two: Path, folder: Path) -> None:
    new, view = live_build(two), seen(two)
    old, _ = roll_back(two)
    encoder = HashingEncoder()

    report = build(folder, two, IDENTITY, load=lambda _: encoder)

    assert (report.changed, encoder.encoded, live_build(two), seen(two)) == (True, 0, new, view)
    assert [path for path, _ in whole_builds(two)] == [new, old]


def test_the_live_build_is_listed_first(two: Path) -> None:
    assert [(path == live_build(two), manifest.counts.articles) for path, manifest in whole_builds(two)] == [
        (True, 4),
        (False, 3),
    ]
    roll_back(two)
    assert [(path == live_build(two), manifest.counts.articles) for path, manifest in whole_builds(two)] == [
        (True, 3),
        (False, 4),
    ]


def test_of_several_other_builds_the_newest_is_gone_back_to(two: Path) -> None:
    live = live_build(two)
    other = next(path for path, _ in whole_builds(two) if path != live)
    years = {live: "2026", other: "2024", other.with_name(f"{other.name}-2"): "2025", other.with_name("a" * 16): "2023"}
    for path, year in years.items():
        if not path.exists():
            shutil.copytree(other, path)
        manifest = path / "manifest.json"
        manifest.write_text(re.sub(r'"created": "\d+', f'"created": "{year}', manifest.read_text("utf-8")), "utf-8")

    assert [years[path] for path, _ in whole_builds(two)] == ["2026", "2025", "2024", "2023"]
    assert roll_back(two) == (other.with_name(f"{other.name}-2"), live)


def test_with_one_build_there_is_none_to_go_back_to(root: Path) -> None:
    live = live_build(root)

    with pytest.raises(UserError) as refused:
        roll_back(root)

    assert str(refused.value) == (
        f"{root} keeps no whole build beside {live.name}. "
        "Put the articles back as they were and build again: python -m index build FOLDER"
    )
    assert live_build(root) == live


def test_a_damaged_build_is_not_gone_back_to(two: Path) -> None:
    live = live_build(two)
    other = next(path for path, _ in whole_builds(two) if path != live)
    (other / "texts.txt").write_bytes(b"cut")

    with pytest.raises(UserError):
        roll_back(two)
    assert live_build(two) == live


def test_from_a_damaged_build_there_is_a_way_back(two: Path) -> None:
    live = live_build(two)
    shutil.rmtree(live / "bm25")

    assert roll_back(two)[1] == live
    assert verify_live(two)[1] == []


def test_without_an_index_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match=f"no index at {tmp_path / 'none'}. Make one: "):
        roll_back(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_where_it_is_not_known_which_build_is_live_there_is_no_way_back(two: Path) -> None:
    (two / "CURRENT").write_text("moon", "utf-8")

    with pytest.raises(DamagedIndex, match="names 'moon', which is not a build"):
        roll_back(two)


def test_while_a_build_runs_it_cannot_be_rolled_back(two: Path) -> None:
    live = live_build(two)

    with writing(two), pytest.raises(BuildFailed, match="another build is writing"):
        roll_back(two)
    assert live_build(two) == live
