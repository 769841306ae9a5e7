import pytest

from index.articles import Block, BlockKind, is_date, join_blocks


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


def test_blocks_lie_under_each_other_and_say_where() -> None:
    pieces: list[tuple[BlockKind, str]] = [("heading", "茶"), ("paragraph", "Green 🍵."), ("item", "a\nb")]
    text, blocks = join_blocks(pieces)
    assert text == "茶\nGreen 🍵.\na\nb"
    assert blocks == (Block("heading", 0, 1), Block("paragraph", 2, 10), Block("item", 11, 14))
    assert [text[block.start : block.end] for block in blocks] == [piece for _, piece in pieces]
