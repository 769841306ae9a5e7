import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.article import Article, Block, BlockKind, Place, Source, clean, is_date, join_blocks, visible


@pytest.mark.parametrize("value", ["2024", "2024-06", "2024-06-25", "2024-02-29", "0001-01-01"])
def test_a_year_a_month_or_a_day_of_the_calendar_is_a_date(value: str) -> None:
    assert is_date(value)


@pytest.mark.parametrize(
    "value",
    [
        *("", "24", "2024-6", "2024-06-25 ", "2024-06-25\n", "2024/06/25", "2024-06-25T10:00", "June 2024", "２０２４"),
        *("0000", "2024-00", "2024-13", "2024-06-31", "2023-02-29"),
    ],
)
def test_another_form_or_a_day_that_never_was_is_no_date(value: str) -> None:
    assert not is_date(value)


def test_an_article_is_read_back_from_json_as_it_was_written() -> None:
    text, blocks = join_blocks([("heading", "茶"), ("paragraph", "Green 🍵.")])
    article = Article(
        *("tea", "茶", text, blocks, "0" * 64),
        sources=(Source("Leaf", "Garden", "2024", "https://tea.example/"),),
        pages=(0, 2),
        groups=("hr",),
    )
    fields = article.to_json()
    assert (list(fields)[:4], fields["blocks"][0]) == (["id", "title", "text", "blocks"], ["heading", 0, 1])
    assert Article.from_json(json.loads(json.dumps(fields))) == article


def test_blocks_lie_under_each_other_and_say_where() -> None:
    pieces: list[tuple[BlockKind, str]] = [("heading", "茶"), ("paragraph", "Green 🍵."), ("item", "a\nb")]
    text, blocks = join_blocks(pieces)
    assert text == "茶\nGreen 🍵.\na\nb"
    assert blocks == (Block("heading", 0, 1), Block("paragraph", 2, 10), Block("item", 11, 14))
    assert [text[block.start : block.end] for block in blocks] == [piece for _, piece in pieces]


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), (" \n\t\u3000", 0), ("a b\u200b", 2), ("e\u0301", 1), ("é茶🍵", 3), ("\ufeff-", 1)]
)
def test_a_character_that_can_be_seen_counts_once_with_its_marks(text: str, count: int) -> None:
    assert visible(text) == count


@given(st.lists(st.text(st.characters(max_codepoint=0x10FF))))
def test_a_text_has_as_many_visible_characters_as_its_parts(parts: list[str]) -> None:
    assert visible("".join(parts)) == sum(map(visible, parts))


def test_a_page_is_found_by_an_offset_and_one_without_text_never() -> None:
    article = Article("a", "A", "One.\nThree.", (), "", pages=(0, 5, 5, 11))
    assert [article.page(offset) for offset in (0, 4, 5, 10)] == [1, 1, 3, 3]
    assert Article("a", "A", "One.", (), "").page(0) is None


def test_a_place_is_found_by_an_offset_and_a_page_is_one() -> None:
    rows = ((5, Place("sheet", 2, "Costs")), (11, Place("sheet", 4, "Costs")))
    article = Article("a", "A", "Costs\nTea: 1\nTea: 2", (), "", places=rows)
    assert [article.place(offset) for offset in (0, 5, 10, 11, 99)] == [None, *(rows[n][1] for n in (0, 0, 1, 1))]
    assert Article("a", "A", "One.", (), "", pages=(0,)).place(0) == Place("page", 1)


def test_the_text_is_nfc_with_plain_line_breaks_and_without_what_nobody_sees() -> None:
    dirty = "\ufeffe\0\u0301\r\nin\xadno\u200bva\u2060tion\r\u2028a\x85b\x0bc\x0cd\u2029\x1b[0m\t\ud800\x7f👩\u200d🚀"
    assert clean(dirty) == "é\ninnovation\n\na\nb\nc\nd\n[0m\t👩\u200d🚀"


@given(st.text(st.characters(codec=None)))
def test_cleaning_once_is_enough(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in "\n\t"]
