"""Numbers with their values and units."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.keywords.numbers import numbers_in
from index.keywords.tokenizer import tokenise


@pytest.mark.parametrize(
    ("spellings", "term"),
    [
        (["1,200", "1 200", "1'200", "1’200", "1.200", "1200", "1\u00a0200"], "1200"),
        (["3.92 trillion", "3,920 billion", "3.92万亿", "$3.92tn", "3,920,000,000,000"], "3920000000000"),
        (["41 million", "$41m", "4100万", "41mn", "€ 41 million", "41-million"], "41000000"),
        (["1.4亿", "140 million", "140,000,000"], "140000000"),
        (["12.5", "12,5", "12.50"], "12.5"),
        (["2.8 %", "2.8%", "2.8 percent", "2.8 per cent", "百分之二点八", "百分之2.8", "2.8 pct"], "2.8"),
        (["2.8 %", "2.8 percent", "2.8 per cent", "百分之二点八"], "percent"),
        (["百分之三十五", "35%"], "35"),
        (["百分之一百二十", "120%"], "120"),
        (["5 km", "5km", "5 kilometres", "5 kilometers", "5公里", "5千米"], "kilometr"),
        (["101 m", "101 metres", "101 meters"], "metr"),
        (["12 °C", "12℃", "12 degrees Celsius"], "celsius"),
        (["a dozen", "twelve", "12", "十二个", "十二公里"], "12"),
        (["half a million", "500,000", "five hundred thousand"], "500000"),
        (["one hundred and forty", "140", "一百四十人"], "140"),
        (["twenty-one", "twenty one", "21", "二十一人"], "21"),
        (["three dozen", "thirty-six"], "36"),
    ],
)
def test_all_spellings_of_a_value_share_a_term(spellings: list[str], term: str) -> None:
    assert [text for text in spellings if term not in tokenise(text)] == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("in 2024 300 people", ["peopl", "2024", "300"]),  # two numbers
        ("Python 3.10", ["python", "3.10", "3.1"]),
        ("room 007", ["room", "007"]),
        ("5千克", ["千克", "5"]),  # a kilogram is no thousand
        ("ten o'clock", ["ten", "o'clock"]),
        ("thousands of weights often", ["thousand", "weight", "often"]),
        ("ten years later", ["ten", "year", "later"]),
        ("the seventies", ["seventi"]),
        ("二十大报告", ["二十", "十大", "大报", "报告"]),
        ("GPT-4 and x86", ["gpt", "x", "4", "86"]),
        ("the mole of 41 m", ["mole", "metr", "41"]),
        ("41 mice", ["mice", "41"]),
        ("1.2.3.4", ["1.2.3.4"]),
        ("百分之٣", ["百分", "分之", "٣"]),
        (f"{'9' * 29} billion", ["billion", "9" * 29]),  # too long for an exact product
        ("1e999", ["e", "1", "999"]),
    ],
)
def test_a_number_keeps_what_it_is_written_as(text: str, terms: list[str]) -> None:
    assert tokenise(text) == terms


@given(st.integers(1000, 10**15))
def test_separators_of_thousands_make_no_difference(number: int) -> None:
    for separator in (",", " ", "'"):
        assert numbers_in(f"{number:,}".replace(",", separator))[0].values[0] == str(number)


@settings(max_examples=300)
@given(st.text("0123456789., '万亿百分之点二八十%km$-", max_size=40))
def test_numbers_lie_in_the_text_and_are_written_in_digits(text: str) -> None:
    for number in numbers_in(text):
        assert 0 <= number.start < number.end <= len(text)
        assert all(value.replace(".", "").isdecimal() for value in number.values)
