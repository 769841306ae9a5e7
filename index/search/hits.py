"""What a search gives: passages with their scores, and what those rest on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.arrays import Scores
from index.keywords.tokenizer import tokenise
from index.passages.chunking import Passage
from index.passages.sentences import Span

_OWN_WORDS, _OF_TITLE = 0.5, 0.25  # of .1 to .5 and 0 to 1 the best at finding gold sentences, own and public
_ALIKE = 0.9  # share of the words of two passages that both hold, from which they say the same
_LOOKED_AT = 20  # passages behind the last hit among which copies of the hits are looked for


@dataclass(frozen=True, slots=True)
class Signals:
    """What a hit rests on: two cosines in [-1, 1], BM25 from 0 up, and shares in [0, 1].

    `coverage` is the share (by idf) of the question's words that the passage holds. `contrast` is
    how far its score stands above that of the twentieth candidate. `missing` tells how rare the
    rarest of the question's names is that neither passage nor title holds: 0 where all are there,
    1 for one that no passage of the build holds. With a context that leads, all but the names are
    those of question and context together.
    """

    passage: float
    sentence: float
    bm25: float
    coverage: float
    contrast: float = 0.0
    missing: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its best sentence (a span of the article) and its score in [0, 1]: higher is nearer.

    `also_in` names the other articles that hold the same text, but for a word in ten.
    """

    passage: Passage
    best_sentence: Span
    score: float
    signals: Signals
    also_in: tuple[str, ...] = ()


@lru_cache(maxsize=16_384)
def words_of(text: str) -> frozenset[str]:
    """The index terms of a text."""
    return frozenset(tokenise(text))


def coverage(words: Mapping[str, float], text: str) -> float:
    """The share of the question's words, each counted by its idf, that the text holds; 0 without words."""
    held = words_of(text)
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word in held) / total if total else 0.0


def best_sentence(sentences: Sequence[str], cosines: Scores, words: Mapping[str, float], title: str = "") -> int:
    """Which sentence of a passage answers: near in meaning, with words of the question that the others lack.

    Each word counts by its idf times the share of the sentences without it, one of the title by a
    quarter of that; of all that the passage holds, a sentence with every one gets 0.5 beside its
    cosine in [-1, 1].
    """
    held, known = [words_of(sentence) for sentence in sentences], words_of(title)
    told = {word: idf * (_OF_TITLE if word in known else 1) for word, idf in words.items()}
    worth = {word: weight * (1 - sum(word in own for own in held) / len(held)) for word, weight in told.items()}
    found = np.array([sum(weight for word, weight in worth.items() if word in own) for own in held])
    most = sum(weight for word, weight in worth.items() if any(word in own for own in held))
    return int(np.argmax(cosines + (_OWN_WORDS * found / most if most else found)))


def say_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts, given as their index terms, share nine words of ten and every number: one of them is shown."""
    if min(len(one), len(other)) < _ALIKE * max(len(one), len(other)):  # spares most of the comparing
        return False
    if not one or len(one & other) < _ALIKE * len(one | other):
        return False
    return not any(word[0].isdigit() for word in one ^ other)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A passage that is shown, for others to be compared with."""

    place: int
    article: str
    words: frozenset[str]
    also_in: list[str]


def distinct(ranked: Iterable[tuple[int, Passage]], k: int) -> dict[int, list[str]]:
    """The places of the first `k` passages that say different things, each with the other articles of its text.

    `ranked` gives places and passages, best first. Passages of one article are copies only where
    they are equal.
    """
    found: list[_Kept] = []
    by_text: dict[str, _Kept] = {}
    behind = 0
    for place, passage in ranked:
        article, text = passage.article.id, passage.text
        original = by_text.get(text)
        if original is None:
            words = words_of(text)
            original = next((own for own in found if own.article != article and say_the_same(words, own.words)), None)
        if original is not None:
            if article != original.article and article not in original.also_in:
                original.also_in.append(article)
        elif len(found) < k:
            found.append(_Kept(place, article, words, []))
            by_text[text] = found[-1]
        elif (behind := behind + 1) > _LOOKED_AT:
            break
    return {own.place: own.also_in for own in found}


def with_each(chosen: Sequence[int], needed: Collection[int]) -> list[int]:
    """The chosen places, the last of them changed for the needed ones that are not among them; the first stays."""
    lacking = [place for place in dict.fromkeys(needed) if place not in chosen][: max(len(chosen) - 1, 0)]
    kept = list(chosen)
    for place in lacking:
        last = next((n for n in range(len(kept) - 1, 0, -1) if kept[n] not in needed), None)
        if last is None:
            break
        kept[last : last + 1] = []
        kept.append(place)
    return kept
