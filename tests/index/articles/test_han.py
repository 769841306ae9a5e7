import pytest

from index.articles.han import han_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("三", 3),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十一", 21),
        ("一百二十", 120),
        ("一百零五", 105),
        ("二〇二四", 2024),
        ("二零二四", 2024),
        ("20二4", 2024),
    ],
)
def test_a_number_in_chinese_words(written: str, number: int) -> None:
    assert han_number(written) == number


@pytest.mark.parametrize("written", ["", "春", "十春"])
def test_other_signs_are_no_number(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        han_number(written)
