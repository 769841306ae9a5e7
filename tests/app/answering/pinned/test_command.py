from pathlib import Path

import pytest

from app.__main__ import main
from tests.app.answering.pinned.test_pins import PIN


def test_pins_of_a_file_are_kept_and_printed_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = root.parent / "mine.jsonl"
    lost = PIN.to_json().replace("moon", "garden/bees")
    file.write_text(f"# bees\n{PIN.to_json()}\n{lost}\n", "utf-8")
    assert main(["pins", str(file), "--index", str(root)]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told == [
        f"article 'garden/bees' does not hold {PIN.quote[:60]!r}: it is not shown",
        f"2 pins are kept beside {root}; answers follow them from now on",
    ]
    assert main(["pins", "--index", str(root)]) == 0
    assert capsys.readouterr().out == f"{PIN.to_json()}\n{lost}\n"


@pytest.mark.parametrize(("content", "fault"), [(None, "cannot be read"), ("{", "line 1: Expecting property name")])
def test_a_file_that_cannot_be_read_changes_nothing(
    content: str | None, fault: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (root.parent / "mine.jsonl").write_text(content, "utf-8")
    assert main(["pins", str(root.parent / "mine.jsonl"), "--index", str(root)]) == 2
    assert fault in capsys.readouterr().err
    assert not (root / "pins.jsonl").exists()
