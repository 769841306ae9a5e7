import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.files.web import NoPages, measure, read_pages, summary

PAGE = "<body><nav>Home and more</nav><article><h1>Tide</h1><p>The tide  comes in at six.</p></article></body>"


def _set(folder: Path) -> Path:
    (folder / "cache").mkdir()
    (folder / "cache" / "a.html").write_text(PAGE)
    (folder / "cache" / "b.html").write_text("<html></html>")
    entries = {
        "https://a.example": {"file": "a.html", "with": ["comes in at", "goes out"], "without": ["Home", "Tide"]},
        "https://b.example": {"file": "b.html", "with": ["anything"], "without": ["nothing"]},
        "https://c.example": {"file": "gone.html", "with": ["anything"], "without": ["nothing"]},
    }
    (folder / "evaldata.json").write_text(json.dumps(entries))
    return folder


def test_missed_and_unwanted_segments_and_refused_pages_are_counted(tmp_path: Path) -> None:
    results = list(measure(read_pages(_set(tmp_path))))
    assert [(result.missed, result.leaked) for result in results] == [(["goes out"], ["Tide"]), (["anything"], [])]
    expected = {"pages": 2, "required": 3, "recall": 0.3333, "segments": 3, "unwanted": 1, "refused": 1}
    assert summary(results) == expected


def test_an_older_list_of_pages_is_a_python_file(tmp_path: Path) -> None:
    entries = json.loads((_set(tmp_path) / "evaldata.json").read_text())
    (tmp_path / "evaldata.json").unlink()
    (tmp_path / "evaldata.py").write_text(f"# pages\nEVAL_PAGES = {entries!r}\n")
    assert [page.path.name for page in read_pages(tmp_path)] == ["a.html", "b.html"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"no evaldata\.json in .* python -m eval web trafilatura/tests"),
        ("[]", r"is no list of pages with file, with and without"),
        ('{"a": {"file": "x.html", "with": [], "without": []}}', r"none of the pages of .* is there"),
    ],
)
def test_a_folder_that_is_no_evaluation_set_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    if content:
        (tmp_path / "evaldata.json").write_text(content)
    with pytest.raises(NoPages, match=message):
        read_pages(tmp_path)


def test_the_command_prints_the_measures_and_the_refused_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["web", str(_set(tmp_path))]) == 0
    printed = capsys.readouterr().out
    assert "recall     0.3333" in printed
    assert "  b.html: no text: there is nothing to index but front matter or marks" in printed
