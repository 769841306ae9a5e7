import random

from index.ingestion.near_duplicates import near_duplicates

LONG = " ".join(f"The probe brought {number} grams home in the year {1900 + number}." for number in range(60))


def test_equal_letters_are_the_same_text_however_they_are_set() -> None:
    assert near_duplicates(["Tea is dry.", "TEA  is\ndry!", "Bees fly."]) == [
        (1, 1.0),
        (0, 1.0),
        None,
    ]


def test_a_text_with_a_word_changed_is_near_and_never_called_equal() -> None:
    first, second, third = near_duplicates([LONG, LONG.replace("30 grams", "31 grams"), LONG[: len(LONG) // 2]])
    assert first is not None
    assert (first[0], second, third) == (1, (0, first[1]), None)
    assert 0.9 < first[1] < 1


def test_chinese_needs_no_spaces() -> None:
    text = "全国科技工作会议在北京召开，会议总结了二〇二五年的工作，部署了今年的任务，强调加快建设科技强国。" * 3
    assert near_duplicates([text, text.replace("部署", "安排", 1), "绿茶不发酵。"])[2] is None
    assert near_duplicates([text, text + "完。"])[0] is not None


def test_texts_without_a_letter_are_not_told_apart() -> None:
    assert near_duplicates(["!", "?"]) == [(1, 1.0), (0, 1.0)]


def test_the_similarity_is_the_share_of_common_runs() -> None:
    words = [f"{random.Random(seed).random():.9f}" for seed in range(4_000)]  # noqa: S311
    whole, most = " ".join(words), " ".join(words[:3_600])
    [one, _] = near_duplicates([whole, most])
    assert one is not None
    assert abs(one[1] - 0.9) < 0.05


def test_a_thousand_copies_are_found_in_a_moment() -> None:
    found = near_duplicates([LONG] * 1_000)
    assert [other[1] for other in found if other] == [1.0] * 1_000
