import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.files.fuzz import Fault, NoFiles, Reader, damaged, faults, originals, outcome_of
from eval.files.packing import packed
from index.errors import BadArticle
from index.reading.formats.archive import DAMAGED
from index.reading.formats.parsers import Parsers


def _folder(folder: Path) -> Path:
    (folder / "a.md").write_text("# Tide\n\nThe tide comes in at six.\n")
    (folder / "b.jsonl").write_text('{"text": "The tide comes in at six."}\n')
    (folder / "c.png").write_bytes(b"no format")
    return folder


def test_a_file_is_damaged_by_its_seed_and_number_alone(tmp_path: Path) -> None:
    paths = originals(_folder(tmp_path))
    assert [path.name for path in paths] == ["a.md", "b.jsonl"]
    first = [damaged(paths, 1, number) for number in range(40)]
    assert [damaged(paths, 1, number) for number in (39, 3, 0)] == [first[39], first[3], first[0]]
    assert [kind for kind, _ in first[:4]] == [".jsonl", ".md", ".jsonl", ".md"]
    assert len({content for _, content in first}) > 30
    assert damaged(paths, 2, 3) != first[3]


def test_a_file_that_is_packed_of_parts_is_damaged_as_a_whole_or_in_one_part(tmp_path: Path) -> None:
    parts = {"a.txt": b"The tide comes in at six.", "b.txt": b"The lock opens at nine."}
    (tmp_path / "a.zip").write_bytes(packed(parts))
    changed = Counter[str]()
    for number in range(60):
        _, content = damaged(originals(tmp_path), 1, number)
        assert content == damaged(originals(tmp_path), 1, number)[1]
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                changed.update(name for name in archive.namelist() if archive.read(name) != parts.get(name))
        except DAMAGED:
            changed["whole"] += 1
    assert min(changed[name] for name in ("a.txt", "b.txt", "whole")) > 5


def test_a_folder_without_files_to_damage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoFiles, match="no file of a known format"):
        originals(tmp_path)


def test_the_command_reads_damaged_files_and_says_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        "fuzz",
        str(_folder(tmp_path)),
        "--files",
        "6",
        "--seed",
        "3",
        "--first",
        "2",
        "--keep",
        str(tmp_path / "k"),
    ]
    assert main(given) == 0
    assert capsys.readouterr().out == "6 files read with seed 3 from 2; faults: none\n"
    assert not (tmp_path / "k").exists()


def _outcome(path: Path, error: BaseException) -> tuple[str, str] | None:
    class Broken(Parsers):
        def extract(self, suffix: str, content: bytes | str) -> None:
            raise error

    return outcome_of(path, b"text", Broken())


def test_a_bug_and_a_contained_crash_are_faults_and_a_refusal_is_none(tmp_path: Path) -> None:
    stopped = BadArticle("damaged: its parser stopped. Save it anew with another program")
    errors = (BadArticle("cut"), ZeroDivisionError("x"), MemoryError(), stopped)
    outcomes = [_outcome(tmp_path / "a.md", error) for error in errors]
    assert [outcome and outcome[0] for outcome in outcomes] == [None, "crash", "memory", "stopped"]


def test_a_file_with_a_fault_is_kept_with_its_seed_and_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Always(Reader):
        def read(self, suffix: str, content: bytes) -> tuple[str, str]:
            return "crash", "why"

    monkeypatch.setattr("eval.files.fuzz.Reader", Always)
    paths, kept = originals(_folder(tmp_path)), tmp_path / "kept"
    assert list(faults(paths, 4, range(2, 4), kept)) == [
        Fault(2, "crash", "4-2.jsonl", "why"),
        Fault(3, "crash", "4-3.md", "why"),
    ]
    assert (kept / "4-3.md").read_bytes() == damaged(paths, 4, 3)[1]


def test_a_file_that_hangs_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: list[tuple[str, str] | None] = [("hang", "busy"), None, ("hang", "busy"), ("hang", "again")]

    class Busy(Reader):
        def read(self, suffix: str, content: bytes) -> tuple[str, str] | None:
            return outcomes.pop(0)

    monkeypatch.setattr("eval.files.fuzz.Reader", Busy)
    paths = originals(_folder(tmp_path))
    assert list(faults(paths, 4, range(2), tmp_path / "kept")) == [None, Fault(1, "hang", "4-1.md", "again")]
