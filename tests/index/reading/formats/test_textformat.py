import pytest

from index.reading.formats.textformat import text_extract, text_format


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Prices: 5*3*2 crowns.", "text"),
        ("A <b tag, 3 < 5 and > 2; #1 of the *5* * 3.", "text"),
        ("Use the <b> tag.", "text"),
        ("One line.\n\nsnake_case_name and __init__.py - and so on", "text"),
        ("# Tea\n\nTea is *dry*.", "markdown"),
        ("Tea is *dry*.", "markdown"),
        ("A [link](https://a.example).", "markdown"),
        ("- One\n- Two", "markdown"),
        ("```\n<p>x</p>\n```", "markdown"),
        ("Use `<b>x</b>` here.", "markdown"),
        ("# Head\n\nOne<br>two", "markdown"),
        ("<p>The board <b>met</b>.</p>", "html"),
        ("The board <b>met</b>.<br/>It paid.", "html"),
        ("<!DOCTYPE html><html><body><p># One</p></body></html>", "html"),
        ("***", "markdown"),
    ],
)
def test_the_format_of_a_text_is_told_by_its_marks(text: str, name: str) -> None:
    assert text_format(text) == name


def test_a_named_format_is_used_as_it_is() -> None:
    text = "*a*\n\n<p>b</p>"
    assert [block for _, block in text_extract(text, "text").blocks] == ["*a*", "<p>b</p>"]
    assert [block for _, block in text_extract(text, "markdown").blocks] == ["a", "<p>b</p>"]
    assert [block for _, block in text_extract(text, "html").blocks] == ["*a*", "b"]


def test_a_piece_of_a_page_is_read_whole_without_its_scripts() -> None:
    extract = text_extract("<p>The board met.</p><script>var x;</script><p>It paid.</p>", "")
    assert extract.blocks == [("paragraph", "The board met."), ("paragraph", "It paid.")]
    assert extract.characters == 19
