import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.files.benchmark import NoFixtures, Sample, Score, scores, table
from eval.files.examples import FORMATS, write_examples
from eval.files.samples import SAMPLES
from eval.table import RESULTS
from index.reading.formats.adapters import OLD_FORMATS, SUFFIXES

TIDE = Sample(
    "tide",
    "The tide comes in",
    "Harbour News",
    "2026-01-27",
    "Harbour News, January 27, 2026",
    [("paragraph", "The tide comes in at six."), ("heading", "Pilots"), ("item", "Two buoys were moved.")],
    ("Year", "Ships"),
    (("2024", "412"), ("2025", "471")),
)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, ...]]:
    folder = tmp_path_factory.mktemp("files")
    assert write_examples(folder, [TIDE]) == len(FORMATS)
    return {row.format: (row.articles, row.recall, row.order, row.title, row.date) for row in scores(folder)}


@pytest.mark.parametrize("kind", [suffix[1:] for suffix in FORMATS if suffix not in (".jsonl", ".msg", ".zip")])
def test_every_word_of_an_example_is_read_in_order_with_its_title_and_date(
    measured: dict[str, tuple[float, ...]], kind: str
) -> None:
    assert measured[kind] == (1, 1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(("kind", "articles"), [("jsonl", 3), ("msg", 2), ("zip", 3)])
def test_each_line_of_a_record_file_and_each_file_in_a_file_is_an_article(
    measured: dict[str, tuple[float, ...]], kind: str, articles: int
) -> None:
    assert measured[kind] == (articles, 1.0, 1.0, 1.0, 1.0)


def test_the_example_has_a_file_of_every_format_that_has_a_suffix_of_its_own() -> None:
    same = {".htm", ".markdown", ".text", ".tsv", ".mht", *OLD_FORMATS}
    assert set(SUFFIXES) - set(FORMATS) == same
    assert [sample.name for sample in SAMPLES] == ["harbour", "hafen", "port", "gangkou"]


def test_missing_additional_and_disordered_words_are_measured(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("six at in comes tide\n\nA cookie bar stands here.\n")
    content = {"title": "Another", "published": "2026-01-27", "text": ["tide comes in at six oclock gone by now yes"]}
    (tmp_path / "a.txt.json").write_text(json.dumps([content]))
    row, _ = scores(tmp_path)
    assert table([row]).splitlines()[-1] == "| txt | 1 | 0.500 | 0.500 | 0.200 | 0.000 | 0.000 |"


def test_an_article_that_is_not_read_counts_with_nothing_found(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The tide comes in.\n")
    (tmp_path / "b.txt").write_text(" ")
    for name in "ab":
        content = {"title": name, "published": "", "text": ["The tide comes in."]}
        (tmp_path / f"{name}.txt.json").write_text(json.dumps([content]))
    row, _ = scores(tmp_path)
    assert (row.articles, row.recall, row.precision) == (2, 0.5, 1.0)


def test_a_folder_without_descriptions_says_how_to_make_some(tmp_path: Path) -> None:
    with pytest.raises(NoFixtures, match=r"Make some: python -m eval files --example"):
        scores(tmp_path)


def test_a_broken_description_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The tide comes in.\n")
    (tmp_path / "a.txt.json").write_text('{"title": 3}')
    with pytest.raises(NoFixtures, match=r"a\.txt\.json is no list"):
        scores(tmp_path)


def test_the_command_prints_a_table_and_saves_the_measures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("# Tide\n\nThe tide comes in.\n")
    content = {"title": "Tide", "published": "", "text": ["Tide", "The tide comes in."]}
    (tmp_path / "a.md.json").write_text(json.dumps([content]))
    assert main(["files", str(tmp_path), "--save", str(tmp_path / "saved")]) == 0
    assert "| md | 1 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |" in capsys.readouterr().out
    assert [row["format"] for row in json.loads((tmp_path / "saved").read_text())] == ["md", "all"]


def test_the_page_of_results_shows_the_saved_table() -> None:
    rows = [Score(**row) for row in json.loads((RESULTS / "files.json").read_text("utf-8"))]
    assert table(rows) in (RESULTS / "files.md").read_text("utf-8")
