"""The line of an article in which searched words stand."""

from cProfile import Profile

import pytest

from app.web.articles.excerpt import Excerpts
from index.articles.article import Article, join_blocks


def article(*paragraphs: str) -> Article:
    text, blocks = join_blocks([("paragraph", each) for each in paragraphs])
    return Article("x", "X", text, blocks, "")


def line(words: str, *paragraphs: str) -> str:
    excerpt = Excerpts(words).of(article(*paragraphs))
    return str(excerpt.html) if excerpt else ""


@pytest.mark.parametrize(
    ("words", "text", "html"),
    [
        ("studying", "He studies. <b>Cafés</b> open.", "He <mark>studies</mark>."),
        ("CAFE", "He studies. <b>Cafés</b> open.", "&lt;b&gt;<mark>Cafés</mark>&lt;/b&gt; open."),
        ("红茶", "绿茶不发酵。红茶完全发酵，红茶好。", "<mark>红茶</mark>完全发酵，<mark>红茶</mark>好。"),
        ("茶", "绿茶不发酵。", ""),  # one character is no index term of a longer word
        ("January 2026", "会议于2026年1月召开。", "会议于<mark>2026年1月</mark>召开。"),
        ("3,920 billion", "It cost 3.92 trillion.", "It cost <mark>3.92</mark> trillion."),
        ("3920", "It cost 3,920 yuan.", "It cost <mark>3,920</mark> yuan."),
        ("the", "The tea.", ""),
        ("🙂", "The tea.", ""),
        (".*", "The tea.", ""),
    ],
)
def test_words_are_marked_in_every_inflexion_and_spelling(words: str, text: str, html: str) -> None:
    assert line(words, text) == html


def test_the_line_with_most_of_the_words_is_shown() -> None:
    assert line("green tea leaves", "Green.", "Tea leaves.", "Green tea has leaves.", "Tea.") == (
        "<mark>Green</mark> <mark>tea</mark> has <mark>leaves</mark>."
    )


def test_a_long_sentence_is_cut_between_words() -> None:
    words = " ".join(f"word{number}" for number in range(200))
    html = line("tea", f"{words} tea {words}.")
    assert html.startswith("…word1")
    assert "<mark>tea</mark> word0 word1 " in html
    assert html.endswith("…")
    assert len(html) < 350


def test_an_article_of_many_places_takes_bounded_work() -> None:
    def calls(count: int) -> int:
        read, excerpts, profile = article(*["Tea, teas, teapots."] * count), Excerpts("tea volcano"), Profile()
        profile.runcall(excerpts.of, read)
        return sum(entry.callcount for entry in profile.getstats())

    assert calls(16_000) < 1.1 * calls(8_000)
