from dataclasses import replace
from pathlib import Path

import pytest

from index.ingestion.coverage import account, files_lost, folder_coverage, summary
from index.ingestion.manifest import Coverage
from index.passages.chunking import Chunk
from index.reading.folder import Folder, read_folder
from index.reading.places.reader import Problem
from tests.conftest import write_articles

MARKS = "Markdown marks and link addresses"


@pytest.fixture
def found(tmp_path: Path) -> Folder:
    """Two articles: of 15 visible characters, one a mark, and of 6."""
    return read_folder(write_articles(tmp_path, {"a.md": "# One two\n\nThree é.", "b.txt": "Four 5"}))


def _measured(found: Folder, chunks: list[list[Chunk]]) -> Coverage:
    return folder_coverage(found, map(account, found.readings, chunks))


def chunk(start: int, end: int) -> Chunk:
    return Chunk((start, end), ((start, end),))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 16)], (13, 0)),
        ([(0, 7), (8, 16)], (13, 0)),  # the line break between them cannot be seen
        ([(0, 8), (8, 16)], (13, 0)),
        ([(0, 7)], (6, 7)),
        ([(4, 16)], (10, 3)),
        ([(0, 3), (8, 16)], (10, 3)),
        ([], (0, 13)),
    ],
)
def test_what_lies_in_no_passage_is_lost(
    found: Folder, spans: list[tuple[int, int]], expected: tuple[int, int]
) -> None:
    assert found.articles[0].text == "One two\nThree é."
    counts = account(found.readings[0], [chunk(*span) for span in spans])
    assert (counts.in_passages, counts.lost) == expected


def test_more_in_passages_than_in_the_file_is_no_loss(found: Folder) -> None:
    counts = account(replace(found.readings[1], characters=3), [chunk(0, 6)])
    assert (counts.in_passages, counts.lost) == (5, 0)


def test_the_sum_of_a_folder_counts_files_and_characters(found: Folder) -> None:
    found.problems.extend([Problem("c.pdf", "bad", lost=True), Problem("c.pdf", "bad again", lost=True)])
    found.problems.append(Problem("b.txt", "a note", lost=False))
    expected = Coverage(2, 1, 2, 19, 10, {MARKS: 1}, 8)
    assert _measured(found, [[chunk(0, 7)], [chunk(0, 4)]]) == expected
    assert (found.files, files_lost(found.problems)) == (2, 1)


def test_the_summary_names_each_reason() -> None:
    assert summary(Coverage(1_200, 1, 3, 5_000, 4_000, {"hidden": 900, "front matter": 90}, 10)) == (
        "files read 1,200, lost 1; characters 5,000, in passages 4,000, "
        "skipped 990 (hidden 900, front matter 90), lost 10"
    )
    assert summary(Coverage(1, 0, 1, 5, 5, {}, 0)) == (
        "files read 1, lost 0; characters 5, in passages 5, skipped 0, lost 0"
    )
