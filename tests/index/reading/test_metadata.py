import pytest

from index.articles.article import Source
from index.errors import BadArticle
from index.reading.metadata import Fields, is_url, split_front_matter


@pytest.mark.parametrize(
    ("content", "metadata", "body"),
    [
        ("---\ntitle: Tea\n---\nText.", {"title": "Tea"}, "\nText."),
        ("\n\n---\ntitle: Tea\n---\nText.", {"title": "Tea"}, "\nText."),
        ("---\ndate: 2024-06-25\nno: 1.10\nyes: on\n---\nx", {"date": "2024-06-25", "no": "1.10", "yes": "on"}, "\nx"),
        ("---\ntitle: ~\n---\nText.", {"title": None}, "\nText."),
        ("---\n# nothing\n---\nText.", {}, "\nText."),
        ("---\nA line between rules.\n---\nText.", {}, "---\nA line between rules.\n---\nText."),
        ("---\nNo second rule.", {}, "---\nNo second rule."),
        ("Text.\n---\na: b\n---\n", {}, "Text.\n---\na: b\n---\n"),
    ],
)
def test_front_matter_is_told_from_a_text_that_opens_with_a_rule(
    content: str, metadata: dict[object, object], body: str
) -> None:
    assert split_front_matter(content) == (metadata, body)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("---\na: b: c\n---\n", "broken front matter (line 2): mapping values are not allowed here."),
        ("\n\n---\nx: y\na: b: c\n---\n", "broken front matter (line 5): mapping values are not allowed here."),
        (f"---\na: {'[' * 3_000}\n---\n", "broken front matter: lists or maps lie too deep in each other."),
    ],
)
def test_broken_front_matter_says_where(content: str, message: str) -> None:
    with pytest.raises(BadArticle) as caught:
        split_front_matter(content)
    assert str(caught.value) == f"{message} Mend the YAML between the two --- lines"


@pytest.mark.parametrize(
    ("name", "value", "read", "warning"),
    [
        ("date", "2024-06-25", "2024-06-25", ""),
        ("date", "2024-06", "2024-06", ""),
        ("date", "2024-06-25T09:00:00Z", "2024-06-25", ""),
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
