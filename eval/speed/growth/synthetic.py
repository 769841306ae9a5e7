"""Collections of any size: texts of a Zipf vocabulary of the articles' words, and an encoder that costs little."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Vectors
from index.encoder.encoder import Encoder
from index.encoder.pooling import Part
from index.passages.sentences import Span
from index.reading.folder import read_folder

_SEED = 11
_WORDS = 200_000  # in the vocabulary
_SENTENCES, _LENGTH = 5, 14  # sentences of a passage, words of a sentence: more, and some would be cut in two
_PARAGRAPHS = 20  # of an article, each a passage
_A_FILE = 200  # articles
_AT_ONCE = 1_000  # paragraphs drawn
_EXPONENT, _SHIFT = 1.05, 2.7  # of the law of Zipf and Mandelbrot
_NOISE = 0.5  # length of the noise on a passage's blend, and on a sentence's
_WORD = re.compile(r"[^\W\d_]{2,}")


def vocabulary(articles: Path, size: int = _WORDS) -> list[str]:
    """The words of a folder of articles by falling frequency, followed by pairs of them joined, `size` in all."""
    texts = (article.text for article in read_folder(articles).articles)
    counted = Counter(word.lower() for text in texts for word in _WORD.findall(text) if word.isascii())
    words = sorted(counted, key=lambda word: (-counted[word], word))
    distinct = dict.fromkeys(words)
    draw = np.random.default_rng(_SEED)
    while len(distinct) < size:
        pairs = draw.integers(0, len(words), (size, 2)).tolist()
        distinct.update(dict.fromkeys(words[first][:5] + words[second][-5:] for first, second in pairs))
    return list(distinct)[:size]


def paragraphs(count: int, words: Sequence[str]) -> Iterator[str]:
    """`count` texts, each about as long as a passage; equal for equal arguments."""
    draw = np.random.default_rng(_SEED)
    chances = 1 / (np.arange(len(words)) + 1 + _SHIFT) ** _EXPONENT
    until = np.cumsum(chances) / chances.sum()
    for first in range(0, count, _AT_ONCE):
        ranks = np.searchsorted(until, draw.random((min(_AT_ONCE, count - first), _SENTENCES, _LENGTH)))
        for sentences in ranks.tolist():
            yield " ".join(" ".join(words[rank] for rank in sentence).capitalize() + "." for sentence in sentences)


def write_articles(folder: Path, passages: int, words: Sequence[str]) -> None:
    """Write a folder of articles with that many paragraphs, each one passage."""
    folder.mkdir(parents=True)
    texts, number = paragraphs(passages, words), 0
    while text := "\n\n".join(islice(texts, _PARAGRAPHS)):
        article = {"id": f"{number:06}", "title": f"Article {number}", "text": text}
        with (folder / f"{number // _A_FILE:06}.jsonl").open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(article)}\n")
        number += 1


class BlendedEncoder:
    """An encoder whose passages take little time: a text's hash chooses two real vectors to blend, and noise to add.

    The vectors stand in clusters, as real ones do. Questions are encoded by the real encoder: their time is real, and
    they lie among the passages.
    """

    max_tokens = 250

    def __init__(self, real: Encoder, base: Sequence[str]) -> None:
        self.dimension, self.questions, self.known_shares = real.dimension, real.questions, real.known_shares
        self._base = real.questions(base)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """A token and a half a word, as texts of this vocabulary have."""
        return [len(text.split()) * 3 // 2 for text in texts]

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """None: a blend is no mean of tokens."""
        del text, question
        return None

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """Blends, and for the sentences the same with noise of their own."""
        blends = [self._blend(text, len(spans)) for text, spans in zip(texts, sentences, strict=True)]
        return np.stack([rows[0] for rows in blends]), np.concatenate([rows[1:] for rows in blends])

    def _blend(self, text: str, sentences: int) -> Vectors:
        """The vector of a passage, followed by those of its sentences."""
        draw = np.random.default_rng(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
        first, second = self._base[draw.integers(0, len(self._base), 2)]
        noise = _NOISE * _unit(draw.standard_normal((1 + sentences, self.dimension), np.float32))
        noise[0] = _unit(first + 0.5 * second + noise[0])
        noise[1:] += noise[0]
        return _unit(noise)


def _unit(rows: npt.NDArray[np.float32]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)
