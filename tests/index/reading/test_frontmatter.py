import pytest

from index.errors import BadArticle
from index.reading.frontmatter import split_front_matter


@pytest.mark.parametrize(
    ("content", "metadata", "body"),
    [
        ("---\ntitle: Tea\n---\nText.", {"title": "Tea"}, "\nText."),
        ("\n\n---\ntitle: Tea\n---\nText.", {"title": "Tea"}, "\nText."),
        ("---\ndate: 2024-06-25\nno: 1.10\nyes: on\n---\nx", {"date": "2024-06-25", "no": "1.10", "yes": "on"}, "\nx"),
        ("---\ntitle: ~\n---\nText.", {"title": None}, "\nText."),
        ("---\n# nothing\n---\nText.", {}, "\nText."),
        ("---\nA line between rules.\n---\nText.", {}, "---\nA line between rules.\n---\nText."),
        ("---\n\nSummary: the plant closed.\n\n---\nText.", {}, "---\n\nSummary: the plant closed.\n\n---\nText."),
        ("---\nSummary: It closed in May.\n---\n", {}, "---\nSummary: It closed in May.\n---\n"),
        ("---\n\ntitle: Tea\n\n---\nText.", {"title": "Tea"}, "\nText."),
        ("---\ncolour: green\n---\nText.", {"colour": "green"}, "\nText."),
        (
            "+++\ntitle = 'Tea'\ndate = 2026-01-05\nno = 1.10\non = true\nx = [{a = 1}]\n+++\nText.",
            {"title": "Tea", "date": "2026-01-05", "no": "1.10", "on": "true", "x": [{"a": "1"}]},
            "\nText.",
        ),
        ("+++\nA line between rules.\n+++\nText.", {}, "+++\nA line between rules.\n+++\nText."),
        ("+++\nNo second rule.", {}, "+++\nNo second rule."),
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
    ("content", "message"),
    [
        ("+++\na = b\n+++\n", "broken front matter: Invalid value (at line 1, column 5)."),
        (f"+++\na = {'[' * 3_000}\n+++\n", "broken front matter: lists or maps lie too deep in each other."),
    ],
)
def test_broken_toml_says_where(content: str, message: str) -> None:
    with pytest.raises(BadArticle) as caught:
        split_front_matter(content)
    assert str(caught.value) == f"{message} Mend the TOML between the two +++ lines"
