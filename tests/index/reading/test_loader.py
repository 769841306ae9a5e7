import hashlib
from itertools import pairwise
from pathlib import Path

import pytest

from index.articles.article import Article, Block, Source
from index.errors import BadArticle
from index.reading.loader import read_article

LIMIT = 1_000
WHOLE = """---
title: "Tea: a report"
publisher: Garden Notes
published: 2024-06-25
url: https://tea.example/report
sources:
  - title: "Leaves"
    publisher: "Leaf Board"
    date: "2024-06"
    url: "http://leaf.example"
---
# Green

Tea is *dry*.
"""


def read(folder: Path, content: str, name: str = "a.md") -> tuple[Article, list[str]]:
    path = folder / name
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    reading = read_article(path, "tea/green", LIMIT)
    return reading.article, list(reading.notes)


def with_field(field: str) -> str:
    return f"---\n{field}\n---\nText.\n"


def test_a_whole_article_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == (
        Article(
            id="tea/green",
            title="Tea: a report",
            text="Green\nTea is dry.",
            blocks=(Block("heading", 0, 5), Block("paragraph", 6, 17)),
            sha256=hashlib.sha256(WHOLE.encode()).hexdigest(),
            publisher="Garden Notes",
            published="2024-06-25",
            url="https://tea.example/report",
            sources=(Source("Leaves", "Leaf Board", "2024-06", "http://leaf.example"),),
            file="a.md",
        ),
        [],
    )


@pytest.mark.parametrize(
    ("content", "name", "title"),
    [
        ("Text.\n\n## Green *tea*\n\n# Later", "a.md", "Green tea"),
        ("Green\\\ntea\n===\n\nText.", "a.md", "Green tea"),
        ("Text alone.", "a.md", "green"),
        ("Green tea\n\nText.", "a.txt", "Green tea"),
        ("---\ntitle: Black\n---\nGreen tea\n\nText.", "a.txt", "Black"),
        ("# Kept", "A.MD", "Kept"),
        ("# Kept\nText.", "a.txt", "# Kept"),
        ("---\ntitle: ''\n---\n# Green", "a.md", "Green"),
        ("---\ntitle: null\n---\n# Green", "a.md", "Green"),
        ("---\ntitle: 1.10\n---\nText.", "a.md", "1.10"),
        ("---\ntitle: yes\n---\nText.", "a.md", "yes"),
        ("---\ntitle: !!int x\n---\nText.", "a.md", "x"),
        ("---\ntitle: !!python/object:os.system x\n---\nText.", "a.md", "x"),
        ("---\ntitle: 2024-02-30\n---\nText.", "a.md", "2024-02-30"),
        ("---\ntitle: |\n  Green\n  tea\n---\nText.", "a.md", "Green tea"),
        ('---\ntitle: "e\\u0301\\0\\ud800 \\u202ftea"\n---\nText.', "a.md", "é tea"),
    ],
)
def test_the_title_is_the_first_that_is_there(tmp_path: Path, content: str, name: str, title: str) -> None:
    article, warnings = read(tmp_path, content, name)
    assert (article.title, warnings) == (title, [])


def test_a_raw_text_names_its_publisher_and_date_and_front_matter_wins(tmp_path: Path) -> None:
    raw = "A title\n\nTidewire, March 4, 2025\n\nLISBON (Tidewire) -- Text."
    article, _ = read(tmp_path, raw, "a.txt")
    assert (article.publisher, article.published) == ("Tidewire", "2025-03-04")
    article, _ = read(tmp_path, f"---\npublisher: Garden Notes\ndate: 2020\n---\n{raw}", "a.txt")
    assert (article.publisher, article.published) == ("Garden Notes", "2020")


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("published: 2024-06-25", "2024-06-25"),
        ("published: '2024-06-25'", "2024-06-25"),
        ("published: 2024", "2024"),
        ("published: 2024-06", "2024-06"),
        ("published: ' 2024-06 '", "2024-06"),
        ("published: 2024-06-25T23:30:00+08:00", "2024-06-25"),
        ("published: 2024-06-25 23:30:00", "2024-06-25"),
        ("date: 2024-06-25", "2024-06-25"),
        ("date: 2023\npublished: 2024", "2024"),
        ("published:", ""),
    ],
)
def test_a_date_is_read_in_every_iso_form(tmp_path: Path, written: str, published: str) -> None:
    article, warnings = read(tmp_path, with_field(written))
    assert (article.published, warnings) == (published, [])


@pytest.mark.parametrize(
    ("field", "warning"),
    [
        ("published: 2024-02-30", "published '2024-02-30' is not a date (YYYY-MM-DD); left out"),
        ("published: last June", "published 'last June' is not a date (YYYY-MM-DD); left out"),
        ("published: {a: b}", "published is not a date (YYYY-MM-DD); left out"),
        ("publisher: [a]", "publisher is not a text; left out"),
        ("title: &loop [*loop]", "title is not a text; left out"),
        ("url: javascript:alert(1)", "url 'javascript:alert(1)' is not an http(s) address; left out"),
        ('url: "java\\tscript:alert(1)"', "url 'java script:alert(1)' is not an http(s) address; left out"),
        ("url: 'https://:80'", "url 'https://:80' is not an http(s) address; left out"),
        ("url: 'https://[bad'", "url 'https://[bad' is not an http(s) address; left out"),
        ("url: https://a.example/a b", "url 'https://a.example/a b' is not an http(s) address; left out"),
        (f"url: {'x' * 70}", f"url '{'x' * 60}' is not an http(s) address; left out"),
        ("sources: Leaves", "sources is not a list; left out"),
        ("sources: {title: Leaves}", "sources is not a list; left out"),
    ],
)
def test_metadata_that_does_not_fit_is_left_out_with_a_warning(tmp_path: Path, field: str, warning: str) -> None:
    article, warnings = read(tmp_path, with_field(field))
    assert warnings == [warning]
    assert (article.title, article.publisher, article.published) == ("green", "", "")
    assert (article.url, article.sources, article.text) == ("", (), "Text.")


def test_sources_are_texts_or_maps_and_the_others_are_named_by_number(tmp_path: Path) -> None:
    lines = ["- Leaves", "- {title: Roots, date: 2024, url: 'ftp://x'}", "- [a]", "- {publisher: P}", "-", "- 42"]
    article, warnings = read(tmp_path, with_field("sources:\n" + "\n".join(lines)))
    assert article.sources == (Source("Leaves"), Source("Roots", date="2024"), Source("42"))
    assert warnings == [
        "source 2: url 'ftp://x' is not an http(s) address; left out",
        "source 3: title is not a text; left out",
        "source 3: no title; left out",
        "source 4: no title; left out",
        "source 5: no title; left out",
    ]


def test_anchors_and_merged_maps_are_followed(tmp_path: Path) -> None:
    fields = "publisher: &p Leaf Board\nsources:\n  - &s {title: A, publisher: *p}\n  - {<<: *s, title: B}"
    article, _ = read(tmp_path, with_field(fields))
    assert article.sources == (Source("A", "Leaf Board"), Source("B", "Leaf Board"))


def test_anchors_that_multiply_are_not_written_out(tmp_path: Path) -> None:
    rows = ["a: &a [x, x]", *(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise("abcdefghi"))]
    _, warnings = read(tmp_path, with_field("\n".join([*rows, "title: *i"])))
    assert warnings == ["title is not a text; left out"]


def test_any_other_key_is_passed_over(tmp_path: Path) -> None:
    article, warnings = read(tmp_path, with_field("content: c\nhandler: h\n2024: x"))
    assert (article.text, warnings) == ("Text.", [])


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("---\nThe first part.\n\n---\nThe second.", "The first part.\nThe second."),
        ("---\n- a\n- b\n\n---\nText.", "a\nb\nText."),
        ("---\ntitle: open\n\nText.", "title: open\nText."),
        ("Text.\n\n---\ntitle: late\n\n---\nMore.", "Text.\ntitle: late\nMore."),
        ("--- text", "--- text"),
        ("\ufeff\n\n---\ntitle: x\n---\n\n\nText.", "Text."),
        ("---\r\ntitle: x\r\n---\r\nText.\r\n", "Text."),
    ],
)
def test_a_text_that_merely_opens_with_a_rule_is_whole(tmp_path: Path, content: str, text: str) -> None:
    assert read(tmp_path, content)[0].text == text


def test_empty_front_matter_is_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, "---\n---\nText.", "a.txt")[0].text == "Text."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("---\ntitle: a: b\n---\nText.", "broken front matter (line 2): mapping values are not allowed here"),
        ("\n\n---\nx: y\ntitle: a: b\n---\n", "broken front matter (line 5): mapping values are not allowed here"),
        ("---\n[a\n---\nText.", "broken front matter (line 3): expected ',' or ']'"),
        ("---\n[a]: b\n---\nText.", "broken front matter (line 2): found unhashable key"),
        ("---\na: *b\n---\nText.", "broken front matter (line 2): found undefined alias 'b'"),
        ("---\na: !!set {b}\n---\n", "broken front matter (line 2): expected a scalar node, but found mapping"),
        ("---\na: \ufffe\n---\nText.", "broken front matter: unacceptable character #xfffe"),
        ("---\n" + "[" * 900 + "\n---\nText.", "broken front matter: lists or maps lie too deep in each other"),
    ],
)
def test_broken_front_matter_is_an_error_that_names_the_line(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(BadArticle) as caught:
        read(tmp_path, content)
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith(". Mend the YAML between the two --- lines")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "empty: there is nothing to index"),
        ("\ufeff \r\n\u200b\0".encode(), "empty: there is nothing to index"),
        (b"---\ntitle: x\n---\n", "no text: there is nothing to index but front matter or marks"),
        (b"***", "no text: there is nothing to index but front matter or marks"),
        (bytes(range(256)), "neither UTF-8 nor another encoding that is known. Convert it: iconv -f ENCODING -t UTF-8"),
        (b"x" * 1_001, "0.1 MB is over the limit of 0.001 MB. Split the file, or raise --max-file-mb"),
    ],
)
def test_a_file_without_a_readable_text_is_an_error(tmp_path: Path, raw: bytes, message: str) -> None:
    (tmp_path / "a.md").write_bytes(raw)
    with pytest.raises(BadArticle) as caught:
        read_article(tmp_path / "a.md", "a", LIMIT)
    assert str(caught.value) == message


def test_a_file_as_large_as_the_limit_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "x" * LIMIT)[0].text == "x" * LIMIT


def test_a_file_that_the_system_does_not_give_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match=r"it vanished before it was read\. Build again"):
        read_article(tmp_path / "gone.md", "gone", LIMIT)
