"""Results that are kept for short texts."""

from index.kept import kept


def test_results_are_kept_for_texts_of_a_passage_s_length_alone() -> None:
    asked: list[int] = []

    @kept(2)
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    long = "a" * 20_000
    assert [length(text) for text in ("a", "a", long, long)] == [1, 1, 20_000, 20_000]
    assert asked == [1, 20_000, 20_000]


def test_the_latest_results_are_kept() -> None:
    asked: list[str] = []

    @kept(2)
    def same(text: str) -> str:
        asked.append(text)
        return text

    assert [same(text) for text in "abcac"] == list("abcac")
    assert asked == ["a", "b", "c", "a"]
