"""Matching of typed words with titles, headings and questions."""

import numpy as np
import pytest

from app.answering.suggestions.matching import Matcher, words_of

TEXTS = [
    "The Moon: soil and seas",
    "Quantum computing in Hefei",
    "Computing with quantum light",
    "Zürich's café guide",
    "量子计算机的进展",
    "Who received the 2023 awards",
    "Zuchongzhi 3.0: the speed claim",
    "Plans for 2030",
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mo", ["The Moon: soil and seas"]),
        ("QUANTUM COMP", ["Quantum computing in Hefei", "Computing with quantum light"]),
        ("comp quan", ["Computing with quantum light", "Quantum computing in Hefei"]),
        ("zurich cafe", ["Zürich's café guide"]),
        ("ｃａｆÉ", ["Zürich's café guide"]),
        ("zurichs", ["Zürich's café guide"]),
        ("计算", ["量子计算机的进展"]),
        ("量子 进展", ["量子计算机的进展"]),
        ("zuchongzhi 3.0", ["Zuchongzhi 3.0: the speed claim"]),
        ("what is the moon", ["The Moon: soil and seas"]),
        ("who", ["Who received the 2023 awards"]),
    ],
)
def test_texts_are_found_by_the_beginnings_of_their_words(typed: str, found: list[str]) -> None:
    assert [TEXTS[row] for row in Matcher(TEXTS).matching(typed)] == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("quntum", [1, 2]),  # a letter is missing
        ("quantuum", [1, 2]),  # one is too many
        ("qauntum", [1, 2]),  # two are exchanged
        ("quantam hef", [1]),
        ("qantum comptuing", [1, 2]),
        ("recieved awrads", [5]),
        ("zuchongshi", [6]),
    ],
)
def test_a_misspelt_word_is_read_as_the_ones_it_is_near_to(typed: str, found: list[int]) -> None:
    assert Matcher(TEXTS).matching(typed) == found


@pytest.mark.parametrize(
    "typed",
    ["", " ?!", "oon", "mxxn soil", "mun", "2032", "量机", "moon hefei", "aaaa bbbb cccc dddd moon", "comupting5"],
)
def test_other_texts_find_nothing(typed: str) -> None:
    assert Matcher(TEXTS).matching(typed) == []


def test_without_texts_nothing_is_found() -> None:
    assert Matcher([]).matching("moon") == []


def test_texts_that_begin_so_come_first_then_liked_rows_then_the_earlier_ones() -> None:
    texts = ["New tea", "Old tea", "Tea in June", "Green tea"]
    matcher = Matcher(texts)
    assert matcher.matching("te") == [2, 0, 1, 3]
    assert matcher.matching("te", np.array([False, False, False, True])) == [2, 3, 0, 1]


def test_words_are_folded_alike_in_every_script() -> None:
    assert words_of("L’Été İ 量子BRI合作 한국어 3,920") == ["lete", "i", "量子", "bri", "合作", "한국어", "3", "920"]


def test_a_long_run_of_characters_is_found_by_its_end_and_by_its_first_characters() -> None:
    text = "关于实施新一轮国家科技创新中长期发展规划的若干意见"
    assert Matcher([text]).matching("若干意见") == [0]
    assert Matcher([text]).matching(text) == [0]
