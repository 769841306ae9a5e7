"""Builds on disks that fill: the live build stays as it was, and with more room the next build goes on."""

import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import BuildFailed
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, verify_live, writing
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.processes import seen, start

pytestmark = pytest.mark.slow

PROBE = {"probe.md": "# Probe\n\n" + " ".join(f"The probe brought {number} grams home." for number in range(1, 60))}
SENTENCES = 508  # their table ends in a page of its own, which numpy does not miss where there is no room for it
LONG = {
    "long.md": "# Probe\n\n" + " ".join(f"The probe brought {number} grams home." for number in range(1, SENTENCES + 1))
}


def _repeated(passages: int, sentences: int) -> dict[str, str]:
    """Passages of equal text: what the journal holds is shorter than what the build does."""
    return {"same.md": ("## Probe\n\n" + "It is dry. " * sentences + "\n\n") * passages}


@pytest.mark.parametrize("articles", [PROBE, _repeated(3, 18)])
def test_a_limit_on_file_sizes_leaves_the_live_build(articles: dict[str, str], root: Path, tmp_path: Path) -> None:
    live, view = live_build(root), seen(root)
    probe = write_articles(tmp_path / "probe", articles)

    output, errors = start("limited", root, probe, 3000).communicate()

    assert errors == ""
    assert re.fullmatch(
        rf"BuildFailed: no room to write the index in {root} \(File too large; \d+ MB free\)\. "
        "The live index is as it was. Make room and build again\n",
        output,
    )
    assert (live_build(root), seen(root), verify_live(root)[1]) == (live, view, [])
    assert [path.name for path in (root / "builds").iterdir()] == [live.name]
    assert build(probe, root, IDENTITY, load=HashingEncoder).changed
    assert not (root / "encoding").exists()


@pytest.mark.parametrize(
    ("limit", "reason"), [(0, "No usable temporary directory found in .*"), (200, "File too large")]
)
def test_texts_that_find_no_room_leave_the_live_build(limit: int, reason: str, root: Path, tmp_path: Path) -> None:
    live, view = live_build(root), seen(root)

    output, errors = start("limited", root, write_articles(tmp_path / "probe", PROBE), limit).communicate()

    assert errors == ""
    assert re.fullmatch(
        rf"BadFolder: the texts of the articles find no room while they are read \({reason}\)\. "
        "Make room for temporary files, or name a folder that has some: TMPDIR=FOLDER\n",
        output,
    )
    assert (live_build(root), seen(root), verify_live(root)[1]) == (live, view, [])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1.2 MB, on machines where one can be mounted."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(disk)]
    if not (mount and unmount) or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield disk
    subprocess.run([unmount, "--lazy", str(disk)], check=True)


def test_wherever_the_room_on_a_disk_ends_the_live_build_stays(small_disk: Path, tmp_path: Path) -> None:
    root, page = small_disk / "index", 4096
    build(
        write_articles(tmp_path / "new", {"new.md": "# New\n\nSomething else.\n"}), root, IDENTITY, load=HashingEncoder
    )
    live, view, probe = live_build(root), seen(root), write_articles(tmp_path / "probe", LONG)
    filler, said = small_disk / "filler", list[str]()

    for pages in range(150):
        filler.write_bytes(bytes(max(0, shutil.disk_usage(small_disk).free - pages * page)))
        try:
            assert build(probe, root, IDENTITY, load=HashingEncoder).counts.sentences == SENTENCES
            break
        except BuildFailed as error:
            said.append(str(error))
        filler.unlink()
        assert (live_build(root), seen(root), verify_live(root)[1]) == (live, view, [])

    assert len(said) > 10
    message = rf"no room to write the index in {root} \(.*\)\. The live index is as it was. Make room and build again"
    assert [line for line in said if not re.fullmatch(message, line)] == []
    assert (live_build(root) != live, verify_live(root)[1]) == (True, [])


def test_a_new_folder_of_an_index_is_the_owner_s_alone_and_another_keeps_its_mode(tmp_path: Path) -> None:
    with writing(tmp_path / "new"):
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    (tmp_path / "new").chmod(0o750)
    with writing(tmp_path / "new"):
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o750
