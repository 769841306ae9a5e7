import json
from pathlib import Path

import pytest

from index.ingestion.manifest import Coverage
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.notes import read_coverage, write_coverage
from tests.hashing import IDENTITY, HashingEncoder

COVERAGE = Coverage(2, 1, 3, 500, 400, {"茶": 100}, 0)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    write_coverage(open_location(tmp_path), COVERAGE)
    assert read_coverage(open_location(tmp_path)) == COVERAGE
    assert [path.name for path in tmp_path.iterdir()] == ["coverage.json"]


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"files": 1}', '{"other": 1}', b"\xff"])
def test_a_file_that_says_nothing_is_as_none(tmp_path: Path, content: str | bytes | None) -> None:
    if content is not None:
        (tmp_path / "coverage.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert read_coverage(open_location(tmp_path)) is None


def test_a_bad_file_more_or_less_is_known_although_no_other_build_is_made(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "index"
    lost = []
    for bad in (False, True, False):
        (folder / "bad.jsonl").unlink(missing_ok=True)
        if bad:
            (folder / "bad.jsonl").write_text(json.dumps({"title": "no text"}), "utf-8")
        report = build(folder, root, IDENTITY, load=HashingEncoder)
        kept = read_coverage(open_location(root))
        assert kept is not None
        lost.append((report.changed, kept.files, kept.lost_files))
    assert lost == [(True, 3, 0), (False, 3, 1), (False, 3, 0)]
