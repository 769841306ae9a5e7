import pytest

from index.articles.article import Source
from index.reading.formats.extract import Header
from index.reading.metadata import Fields, bounded, is_url


@pytest.mark.parametrize(
    ("name", "value", "read", "warning"),
    [
        ("date", "2024-06-25", "2024-06-25", ""),
        ("date", "2024-06", "2024-06", ""),
        ("date", "2024-06-25T09:00:00Z", "2024-06-25", ""),
        ("date", "5 January 2026", "2026-01-05", ""),
        ("date", "Mon, 5 Jan 2026 10:00:00 +0100", "2026-01-05", ""),
        ("date", "05.01.2026", "2026-01-05", ""),
        ("date", "03/04/2026", "", "date '03/04/2026' is not a date (YYYY-MM-DD); left out"),
        ("format", "html", "html", ""),
        ("format", "rtf", "", "format 'rtf' is not a format (text, markdown, html); left out"),
        ("date", "2024-02-30", "", "date '2024-02-30' is not a date (YYYY-MM-DD); left out"),
        ("date", ["2024"], "", "date is not a date (YYYY-MM-DD); left out"),
        ("valid_until", "2025-12", "2025-12", ""),
        ("valid_until", "soon", "", "valid_until 'soon' is not a date (YYYY-MM-DD); left out"),
        ("url", "https://tea.example/a", "https://tea.example/a", ""),
        ("url", "javascript:alert(1)", "", "url 'javascript:alert(1)' is not an http(s) address; left out"),
        ("url", "x" * 70, "", f"url '{'x' * 60}' is not an http(s) address; left out"),
        ("text", " A\n  b\u200b ", "A b", ""),
        ("text", {"a": "b"}, "", "text is not a text; left out"),
        ("text", 1.5, "", "text is not a text; left out"),
        ("text", None, "", ""),
        ("title", "x" * 1_000, "x" * 1_000, ""),
        ("title", "x" * 1_001, "", "title has 1,001 characters, over 1,000; left out"),
        ("language", "zh-Hans", "zh-Hans", ""),
        ("language", "English", "", "language 'English' is not a language code (en, zh); left out"),
    ],
)
def test_a_field_that_does_not_fit_is_left_out_with_a_warning(
    name: str, value: object, read: str, warning: str
) -> None:
    fields = Fields({name: value})
    assert fields.text(name) == read
    assert fields.warnings == ([warning] if warning else [])


def test_sources_are_read_one_by_one() -> None:
    fields = Fields({"sources": [{"title": "Leaves", "date": "June", "url": "http://a.example"}, "Roots", {}, []]})
    assert fields.sources() == (Source("Leaves", url="http://a.example"), Source("Roots"))
    assert fields.warnings == [
        "source 1: date 'June' is not a date (YYYY-MM-DD); left out",
        "source 3: no title; left out",
        "source 4: title is not a text; left out",
        "source 4: no title; left out",
    ]


@pytest.mark.parametrize(
    ("value", "names", "warnings"),
    [
        (None, (), []),
        (" rules/2024 ", ("rules/2024",), []),
        (["rules/2024", "The  old\nrules", ""], ("rules/2024", "The old rules"), []),
        (["rules/2024", ["x"]], ("rules/2024",), ["supersedes has a value that is no text; left out"]),
        ({"id": "x"}, (), ["supersedes is no id or list of at most 50 ids; left out"]),
        (["x"] * 51, (), ["supersedes is no id or list of at most 50 ids; left out"]),
    ],
)
def test_superseded_articles_are_a_name_or_a_list_of_names(
    value: object, names: tuple[str, ...], warnings: list[str]
) -> None:
    fields = Fields({"supersedes": value})
    assert (fields.supersedes(), fields.warnings) == (names, warnings)


def test_sources_that_are_no_list_are_left_out() -> None:
    fields = Fields({"sources": "Leaves"})
    assert (fields.sources(), fields.warnings) == ((), ["sources is not a list; left out"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a.example", True),
        ("https://a.example/b?c#d", True),
        ("ftp://a.example", False),
        ("https://", False),
        ("https://a b.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_an_address_of_the_web_is_told_from_others(text: str, expected: bool) -> None:
    assert is_url(text) is expected


def test_no_field_of_any_origin_is_longer_than_a_page_can_show() -> None:
    header, notes = bounded(Header(title="x" * 3_000_000, publisher="Tide Office"))
    assert header == Header(publisher="Tide Office")
    assert notes == ["title has 3,000,000 characters, over 1,000; left out"]
    fields = Fields({"sources": [f"Source {number}" for number in range(501)], "supersedes": ["a", "x" * 1_001]})
    assert len(fields.sources()) == 500
    assert fields.supersedes() == ("a",)
    assert fields.warnings == [
        "501 sources; the first 500 are read",
        "supersedes has 1,001 characters, over 1,000; left out",
    ]
