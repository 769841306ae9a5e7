"""Suggestions while a question is typed: `python -m eval.speed suggestions`."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from app.answering.suggestions.suggestions import Suggestions
from eval.speed.contenders.race import Say
from eval.speed.growth.synthetic import vocabulary
from eval.speed.stage import quantiles
from index.articles.article import Article, join_blocks
from index.articles.catalogue import Catalogue

TITLES, HEADINGS = 10_000, 3  # articles, and headings of each
_TYPED = 200  # texts, each typed a character at a time
_LEAST, _MOST = 2, 30  # characters of them
_SEED = 7


class _Articles(Catalogue):
    """Articles with short texts, made as they are read."""

    def __init__(self, titles: list[str], headings: list[list[str]]) -> None:
        names = [f"{number:06}" for number in range(len(titles))]
        super().__init__([{"id": n, "title": t, "language": "en"} for n, t in zip(names, titles, strict=True)])
        self._headings = headings

    def __getitem__(self, row: int) -> Article:
        text, blocks = join_blocks(("heading", heading) for heading in self._headings[row])
        return Article(self._lines[row]["id"], self._lines[row]["title"], text, blocks, "")


def measure_suggestions(titles: int, words: Path, say: Say) -> dict[str, Any]:
    """The time of a keystroke over that many titles and three times as many headings, typed rightly and misspelt."""
    texts = _texts(titles * (1 + HEADINGS), vocabulary(words))
    named = [next(texts) for _ in range(titles)]
    say(f"reading {titles:,} titles and {titles * HEADINGS:,} headings")
    suggestions = Suggestions(_Articles(named, [[next(texts) for _ in range(HEADINGS)] for _ in range(titles)]))
    began = time.perf_counter()
    suggestions.complete()
    row: dict[str, Any] = {"titles": titles, "headings": titles * HEADINGS, "read_s": time.perf_counter() - began}
    draw = np.random.default_rng(_SEED)
    wanted = [named[number] for number in draw.integers(0, titles, _TYPED)]
    for part, typed in (("right", wanted), ("misspelt", [_misspelt(text) for text in wanted])):
        times = []
        for text in typed:
            for end in range(_LEAST, min(len(text), _MOST) + 1):
                start = time.perf_counter()
                suggestions.matching(text[:end], (), lambda _: False)
                times.append(1000 * (time.perf_counter() - start))
        row |= {part: quantiles(times), f"{part}_most": max(times), "keystrokes": len(times)}
    return row


def _texts(count: int, words: list[str]) -> Iterator[str]:
    """Texts of three to eight words; of the frequent words as many as the law of Zipf gives."""
    draw = np.random.default_rng(_SEED)
    chances = 1 / (np.arange(len(words)) + 3.7)
    until = np.cumsum(chances) / chances.sum()
    for length in draw.integers(3, 9, count).tolist():
        yield " ".join(words[rank] for rank in np.searchsorted(until, draw.random(length))).capitalize()


def _misspelt(text: str) -> str:
    """The text with the third letter of its longest word left out."""
    longest = max(text.split(), key=len)
    return text.replace(longest, longest[:2] + longest[3:], 1)
