"""JSON lines: each an article of its own, each fault a problem of its own."""

import hashlib
import json
from pathlib import Path

import pytest

from index.articles.article import Source
from index.errors import BadArticle, EmptyArticle
from index.reading import loader
from index.reading.folder import read_folder
from index.reading.loader import Reading, read_records
from index.reading.places.reader import Problem

WHOLE = {
    "id": "tea/green",
    "title": "Tea",
    "publisher": "Garden Notes",
    "published": 2024,
    "url": "https://tea.example",
    "language": "en",
    "sources": [{"title": "Leaves", "date": "2024-06"}],
    "text": "# Tea\n\nTea is *dry*.",
}


def lines(folder: Path, *records: object) -> Path:
    said = [record if isinstance(record, str) else json.dumps(record) for record in records]
    (folder / "a.jsonl").write_text("\n".join(said), "utf-8")
    return folder


def test_a_record_is_an_article_with_all_its_fields(tmp_path: Path) -> None:
    [article] = read_folder(lines(tmp_path, WHOLE)).articles
    assert (article.id, article.file, article.title) == ("a.jsonl/tea/green", "a.jsonl", "Tea")
    assert (article.publisher, article.published, article.url) == ("Garden Notes", "2024", "https://tea.example")
    assert (article.language, article.sources) == ("en", (Source("Leaves", date="2024-06"),))
    assert article.text == "Tea\nTea is dry."
    assert article.sha256 == hashlib.sha256(json.dumps(WHOLE).encode()).hexdigest()


def test_a_record_without_an_id_is_named_by_its_line(tmp_path: Path) -> None:
    found = read_folder(lines(tmp_path, {"text": "One."}, "", {"text": "Three.", "date": "2024-02-30"}))
    assert [(article.id, article.title) for article in found.articles] == [("a.jsonl/1", "1"), ("a.jsonl/3", "3")]
    reason = "3: date '2024-02-30' is not a date (YYYY-MM-DD); left out"
    assert found.problems == [Problem("a.jsonl", reason, lost=False)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "{bad",
            "not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)). Mend the line",
        ),
        ("[" * 100_000, "lists or maps lie too deep in each other. Mend the line"),
        ("[]", 'no JSON object with a "text". Write {"title": "…", "text": "…"}'),
        ({"title": "Tea"}, 'no JSON object with a "text". Write {"title": "…", "text": "…"}'),
        ({"text": ["Tea"]}, 'no JSON object with a "text". Write {"title": "…", "text": "…"}'),
        ({"text": " "}, "its text is empty. Leave the line out"),
        ({"text": "***"}, "no text: there is nothing to index but front matter or marks"),
        ({"id": "../up", "text": "x"}, "id '../up' will not do in an address. Use letters, digits, - and _"),
        ({"id": "", "text": "x"}, "id '' will not do in an address. Use letters, digits, - and _"),
        ({"id": "a\u202eb", "text": "x"}, "id 'a\\u202eb' will not do in an address. Use letters, digits, - and _"),
        ({"id": ["a"], "text": "x"}, "id \"['a']\" will not do in an address. Use letters, digits, - and _"),
    ],
)
def test_a_bad_line_never_stops_the_others(tmp_path: Path, line: object, reason: str) -> None:
    found = read_folder(lines(tmp_path, {"text": "One."}, line, {"text": "Three."}))
    assert [article.id for article in found.articles] == ["a.jsonl/1", "a.jsonl/3"]
    assert found.problems == [Problem("a.jsonl", f"line 2: {reason}", lost=True)]


def test_an_id_that_stands_twice_is_read_once(tmp_path: Path) -> None:
    found = read_folder(lines(tmp_path, {"id": "x", "text": "One."}, {"id": "x", "text": "Two."}))
    assert [(article.id, article.text) for article in found.articles] == [("a.jsonl/x", "One.")]
    reason = "same id 'a.jsonl/x' as a.jsonl. Rename one of them"
    assert found.problems == [Problem("a.jsonl", reason, lost=True)]


def test_a_file_without_a_line_is_only_noted(tmp_path: Path) -> None:
    lines(tmp_path, "", " ")
    with pytest.raises(EmptyArticle, match="empty: there is nothing to index"):
        list(read_records(tmp_path / "a.jsonl", "a.jsonl", 1_000))


def test_a_record_names_its_format_or_its_marks_tell_it(tmp_path: Path) -> None:
    html = "<p>The board <b>met</b>.</p><script>var x=1;</script>"
    records = [
        {"text": "5*3*2 crowns"},
        {"text": html},
        {"text": html, "format": "text"},
        {"text": "*x*", "format": "?"},
    ]
    found = read_folder(lines(tmp_path, *records))
    assert [article.text for article in found.articles] == ["5*3*2 crowns", "The board met.", html, "x"]
    reason = "4: format '?' is not a format (text, markdown, html); left out"
    assert found.problems == [Problem("a.jsonl", reason, lost=False)]


def test_an_id_that_is_an_address_is_kept_and_is_the_address_of_the_article(tmp_path: Path) -> None:
    records = [
        {"id": "https://example.org/a", "text": "One."},
        {"id": "https://example.org/b/", "url": "https://example.org/c", "text": "Two."},
        {"id": "https://example.org/../d", "text": "Three."},
    ]
    found = read_folder(lines(tmp_path, *records))
    assert [(article.id, article.url, article.title) for article in found.articles] == [
        ("a.jsonl/https://example.org/a", "https://example.org/a", "a"),
        ("a.jsonl/https://example.org/b/", "https://example.org/c", "b"),
    ]
    assert [problem.lost for problem in found.problems] == [True]


def test_a_date_in_the_future_is_left_out_with_a_note(tmp_path: Path) -> None:
    found = read_folder(
        lines(tmp_path, {"text": "One.", "date": "9031-06-14"}, {"text": "Head\n\nJune 14, 9031\n\nTwo."})
    )
    assert [article.published for article in found.articles] == ["", ""]
    assert [problem.reason for problem in found.problems] == [
        f"{line}: date 9031-06-14 lies in the future; left out" for line in (1, 2)
    ]


def test_the_lines_of_a_file_take_no_longer_together_than_a_file_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "seconds_for", lambda size: -size)
    (tmp_path / "a.jsonl").write_text('{"text": "Tea."}\n{"text": "Milk."}\n')
    readings = read_records(tmp_path / "a.jsonl", "a.jsonl", 1_000)

    first = next(readings)
    assert isinstance(first, Reading)
    assert first.article.text == "Tea."
    with pytest.raises(
        BadArticle, match=r"\Areading it takes too long: the lines after line 1 are left out\. Split the file\Z"
    ):
        next(readings)
