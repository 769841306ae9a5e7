"""Builds on disk: written beside the live one, swapped in, pruned, and read while that goes on."""

from pathlib import Path

import pytest

from index.encoder.model_files import Identity
from index.errors import REBUILD, BuildFailed, DamagedIndex, NoIndex
from index.ingestion.manifest import Counts, Manifest
from index.passages.chunking import Chunking
from index.stores.builds.directory import (
    finish,
    is_live,
    live_build,
    open_live,
    swap,
    unfinished,
    verify_live,
    whole_build,
    writing,
)

NAMES = [letter * 16 for letter in "abcde"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index with one live build, `aaaaaaaaaaaaaaaa`."""
    _publish(tmp_path / "index", NAMES[0])
    return tmp_path / "index"


def _write(root: Path, name: str) -> Path:
    with unfinished(root) as folder:
        (folder / "bm25").mkdir()
        (folder / "bm25" / "words.txt").write_text(f"words of {name}", "utf-8")
        (folder / "texts.txt").write_text(name, "utf-8")
        identity, counts = Identity("m", "w"), Counts(1, 1, 1)
        manifest = Manifest(
            name, identity, Chunking(), counts, 4, "SQfp16", "f", "2026-01-02T03:04:05+00:00", max_file_bytes=1
        )
        return finish(root, folder, manifest)


def _publish(root: Path, name: str) -> Path:
    with writing(root):
        build = _write(root, name)
        swap(root, build)
    return build


def _builds(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "builds").iterdir())


def _text(build: Path) -> str:
    return (build / "texts.txt").read_text("utf-8")


def test_a_build_is_live_only_once_it_is_swapped_in(place: Path) -> None:
    with writing(place):
        build = _write(place, NAMES[1])
        assert build == place / "builds" / NAMES[1]
        assert (live_build(place), is_live(place, build)) == (place / "builds" / NAMES[0], False)
        swap(place, build)

    assert (live_build(place), is_live(place, build)) == (build, True)
    assert (place / "CURRENT").read_text("utf-8") == f"{NAMES[1]}\n"


def test_the_live_build_and_the_one_before_it_are_kept(place: Path) -> None:
    for name in NAMES[1:4]:
        _publish(place, name)

    assert _builds(place) == [NAMES[2], NAMES[3]]


def test_a_build_made_again_never_touches_the_one_that_readers_have_open(place: Path) -> None:
    first = live_build(place)
    files = {path: path.stat().st_ino for path in [first, *first.rglob("*")]}
    again = _publish(place, NAMES[0])

    assert live_build(place) == again == place / "builds" / f"{NAMES[0]}-2"
    assert {path: path.stat().st_ino for path in [first, *first.rglob("*")]} == files


def test_a_whole_build_is_found_again_and_a_cut_one_is_not(place: Path) -> None:
    _publish(place, NAMES[1])
    assert whole_build(place, NAMES[0]) == place / "builds" / NAMES[0]
    assert whole_build(place, NAMES[2]) is None

    (place / "builds" / NAMES[0] / "texts.txt").write_text("aaa", "utf-8")
    assert whole_build(place, NAMES[0]) is None


def test_of_two_builds_of_a_name_the_live_one_is_found(place: Path) -> None:
    again = _publish(place, NAMES[0])

    assert whole_build(place, NAMES[0]) == again


def test_what_a_stopped_build_left_is_removed_before_the_next(place: Path) -> None:
    (place / "builds" / "unfinished-1234" / "bm25").mkdir(parents=True)
    (place / "CURRENT.new").write_text("half", "utf-8")

    with writing(place):
        assert _builds(place) == [NAMES[0]]
        assert sorted(path.name for path in place.iterdir()) == ["CURRENT", "builds", "lock"]


def test_a_build_that_fails_leaves_nothing_and_changes_nothing(place: Path) -> None:
    def fail() -> None:
        with unfinished(place) as folder:
            (folder / "texts.txt").write_text("half", "utf-8")
            raise KeyboardInterrupt

    with writing(place), pytest.raises(KeyboardInterrupt):
        fail()

    assert _builds(place) == [NAMES[0]]
    assert open_live(place, _text) == NAMES[0]


def test_a_second_builder_is_told_to_wait(place: Path) -> None:
    with (
        writing(place),
        pytest.raises(BuildFailed, match=f"another build is writing to {place}. Wait for it to end, then build again"),
        writing(place),
    ):
        pass

    with writing(place):
        assert live_build(place).name == NAMES[0]


def test_an_index_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    root = tmp_path / "file" / "index"

    with pytest.raises(BuildFailed) as failed, writing(root):
        pass

    assert str(failed.value) == (
        f"the index in {root} cannot be written: {root}: Not a directory. "
        "The live index is as it was. Fix this, or choose another --index"
    )


def test_no_index_gives_the_command_that_makes_one(tmp_path: Path) -> None:
    root = tmp_path / "index"

    for read in (live_build, verify_live, lambda root: open_live(root, _text)):
        with pytest.raises(
            NoIndex, match=f"no index at {root}. Make one: python -m index build FOLDER --index {root}$"
        ):
            read(root)


@pytest.mark.parametrize("content", ["", "../../etc", "aaaaaaaaaaaaaaaa/..", "A" * 16, "a" * 300, "{}", "\0"])
def test_a_pointer_to_no_build_is_damage_and_the_next_build_mends_it(content: str, place: Path) -> None:
    (place / "CURRENT").write_text(content, "utf-8")

    with pytest.raises(DamagedIndex) as damage:
        open_live(place, _text)
    assert str(damage.value) == (f"{place / 'CURRENT'} names {content[:40]!r}, which is not a build. {REBUILD}")

    _publish(place, NAMES[1])
    assert open_live(place, _text) == NAMES[1]


def test_a_pointer_that_is_not_text_is_damage_and_the_next_build_mends_it(place: Path) -> None:
    (place / "CURRENT").write_bytes(b"\xff\xfe")

    with pytest.raises(DamagedIndex, match=f"{place / 'CURRENT'} cannot be read .*. Rebuild it: "):
        open_live(place, _text)
    _publish(place, NAMES[1])
    assert open_live(place, _text) == NAMES[1]


def test_a_reader_that_loses_a_race_with_a_prune_starts_again(place: Path) -> None:
    tried: list[str] = []

    def read(build: Path) -> str:
        tried.append(build.name)
        if len(tried) == 1:
            _publish(place, NAMES[1])
            _publish(place, NAMES[2])  # which removes the build that is being read
        return _text(build)

    assert open_live(place, read) == NAMES[2]
    assert tried == [NAMES[0], NAMES[2]]


def test_a_reader_gives_up_where_the_build_changes_every_time(place: Path) -> None:
    tried: list[str] = []

    def read(build: Path) -> str:
        tried.append(build.name)
        _publish(place, NAMES[len(tried) % 5])
        raise DamagedIndex("never whole")

    with pytest.raises(
        DamagedIndex, match=f"the live build of {place} changed 20 times while it was opened. Try again"
    ):
        open_live(place, read)
    assert len(tried) == 20


def test_a_file_cut_short_is_damage(place: Path) -> None:
    path = live_build(place) / "texts.txt"
    path.write_text("aaa", "utf-8")

    with pytest.raises(DamagedIndex) as damage:
        open_live(place, _text)
    assert str(damage.value) == f"{path} has 3 bytes, not 16. Rebuild it: python -m index build FOLDER --index INDEX"


@pytest.mark.parametrize("name", ["texts.txt", "bm25/words.txt", "manifest.json"])
def test_a_missing_file_is_damage(name: str, place: Path) -> None:
    path = live_build(place) / name
    path.unlink()

    with pytest.raises(DamagedIndex) as damage:
        open_live(place, _text)
    assert str(damage.value) == f"{path} is missing. Rebuild it: python -m index build FOLDER --index INDEX"
    assert verify_live(place) == (live_build(place), [name])


def test_a_file_that_cannot_be_read_is_damage(place: Path) -> None:
    path = live_build(place) / "manifest.json"
    path.unlink()
    path.mkdir()

    with pytest.raises(DamagedIndex, match=rf"{path} cannot be read \(Is a directory\). Rebuild it: "):
        open_live(place, _text)


def test_an_altered_file_of_the_same_size_is_found_by_its_hash_alone(place: Path) -> None:
    build = live_build(place)
    assert verify_live(place) == (build, [])
    (build / "texts.txt").write_text("b" * 16, "utf-8")

    assert open_live(place, _text) == "b" * 16
    assert verify_live(place) == (build, ["texts.txt"])
