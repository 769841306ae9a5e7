"""Builds on disks that fill: the live build stays as it was, and with more room the next build goes on."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import build
from index.errors import BuildFailed
from index.store import live_build, verify_live
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.processes import seen, start

PROBE = {"probe.md": "# Probe\n\n" + " ".join(f"The probe brought {number} grams home." for number in range(1, 60))}


def _repeated(passages: int, sentences: int) -> dict[str, str]:
    """Passages of equal text: what the journal holds is shorter than what the build does."""
    return {"same.md": ("## Probe\n\n" + "It is dry. " * sentences + "\n\n") * passages}


@pytest.mark.parametrize(
    ("articles", "limit", "reason"),
    [
        (PROBE, 0, "File too large"),
        (PROBE, 200, "File too large"),
        (PROBE, 3000, "File too large"),
        (_repeated(3, 18), 3000, r"\d+ requested and \d+ written"),
        (_repeated(2, 14), 3000, "sentence_vectors.npy was cut short"),
    ],
)
def test_a_limit_on_file_sizes_leaves_the_live_build(
    articles: dict[str, str], limit: int, reason: str, root: Path, tmp_path: Path
) -> None:
    live, view = live_build(root), seen(root)
    probe = write_articles(tmp_path / "probe", articles)

    output, errors = start("limited", root, probe, limit).communicate()

    assert errors == ""
    assert re.fullmatch(
        rf"BuildFailed: no room to write the index in {root} \({reason}; \d+ MB free\)\. "
        "The live index is as it was. Make room and build again\n",
        output,
    )
    assert (live_build(root), seen(root), verify_live(root)[1]) == (live, view, [])
    assert [path.name for path in (root / "builds").iterdir()] == [live.name]
    assert build(probe, root, IDENTITY, load=HashingEncoder).changed
    assert not (root / "encoding").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 92 kB, on machines where one can be mounted."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=92k", "tmpfs", str(disk)]
    if not (mount and unmount) or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield disk
    subprocess.run([unmount, "--lazy", str(disk)], check=True)


def test_a_disk_that_fills_leaves_the_live_build(small_disk: Path, tmp_path: Path) -> None:
    root = small_disk / "index"
    build(
        write_articles(tmp_path / "new", {"new.md": "# New\n\nSomething else.\n"}), root, IDENTITY, load=HashingEncoder
    )
    live, view = live_build(root), seen(root)

    with pytest.raises(BuildFailed) as failed:
        build(write_articles(tmp_path / "probe", PROBE), root, IDENTITY, load=HashingEncoder)

    assert str(failed.value).startswith(f"no room to write the index in {root} (")
    assert str(failed.value).endswith("The live index is as it was. Make room and build again")
    assert (live_build(root), seen(root), verify_live(root)[1]) == (live, view, [])
