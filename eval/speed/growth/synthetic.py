"""Collections of any size: texts of a Zipf vocabulary of the articles' words, and an encoder that costs nothing."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Vectors
from index.encoder.encoder import Encoder, load_encoder
from index.encoder.model_files import Identity
from index.encoder.pooling import Part
from index.passages.sentences import Span

_SEED = 11
_WORDS = 200_000  # in the vocabulary
_SENTENCES, _LENGTH = 5, 14  # sentences of a passage, words of a sentence: more, and some would be cut in two
_PARAGRAPHS = 20  # of an article, each a passage
_A_FILE = 200  # articles
_EXPONENT, _SHIFT = 1.05, 2.7  # of the law of Zipf and Mandelbrot
_BASE = 512  # real vectors that synthetic ones are blended of
_NOISE = 0.5  # length of what is added to a passage's blend, and to a sentence's
_WORD = re.compile(r"[^\W\d_]{2,}")


def vocabulary(texts: Iterable[str], size: int = _WORDS) -> list[str]:
    """So many words, the frequent ones first: those of the texts by frequency, behind them pairs of them joined."""
    counted = Counter(word.lower() for text in texts for word in _WORD.findall(text) if word.isascii())
    words = sorted(counted, key=lambda word: (-counted[word], word))
    known = dict.fromkeys(words)
    draw = np.random.default_rng(_SEED)
    while len(known) < size:
        first, second = draw.integers(0, len(words), (2, size))
        known.update(dict.fromkeys(words[a][:5] + words[b][-5:] for a, b in zip(first, second, strict=True)))
    return list(known)[:size]


def write_articles(folder: Path, passages: int, words: Sequence[str]) -> None:
    """A folder of articles with so many paragraphs, each about as long as a passage; equal for equal arguments."""
    folder.mkdir(parents=True)
    draw = np.random.default_rng(_SEED)
    chances = 1 / (np.arange(len(words)) + 1 + _SHIFT) ** _EXPONENT
    until = np.cumsum(chances) / chances.sum()
    lines: list[str] = []
    for number, first in enumerate(range(0, passages, _PARAGRAPHS)):
        count = min(_PARAGRAPHS, passages - first)
        ranks = np.searchsorted(until, draw.random(count * _SENTENCES * _LENGTH)).reshape(count, _SENTENCES, _LENGTH)
        text = "\n\n".join(_paragraph(own, words) for own in ranks.tolist())
        lines.append(json.dumps({"id": f"{number:06}", "title": f"Article {number}", "text": text}))
        if len(lines) == _A_FILE or first + count == passages:
            (folder / f"{number:06}.jsonl").write_text("\n".join(lines), "utf-8")
            lines = []


def _paragraph(ranks: list[list[int]], words: Sequence[str]) -> str:
    return " ".join(" ".join(words[rank] for rank in own).capitalize() + "." for own in ranks)


class BlendedEncoder:
    """An encoder whose passages take no time: each text's hash chooses two real vectors to blend and noise to add.

    So vectors stand in clusters, as real ones do. Questions are encoded as ever: their time is real, and
    they lie among the passages.
    """

    max_tokens = 250

    def __init__(self, identity: Identity, base: Sequence[str] = (), *, real: Encoder | None = None) -> None:
        self._real = real or load_encoder(identity)
        self._texts = base
        self.dimension = self._real.dimension

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """A token and a half a word, as texts of this vocabulary have."""
        return [len(text.split()) * 3 // 2 for text in texts]

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        """That of the real encoder."""
        return self._real.known_shares(texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Those of the real encoder."""
        return self._real.questions(texts)

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """None: a blend is no mean of tokens."""
        del text, question
        return None

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """Blends, and for the sentences the same with noise of their own."""
        hashes = np.array([_hash(text) for text in texts], np.uint64).reshape(-1, 3)
        chosen = self._base[hashes[:, :2].astype(np.int64) % len(self._base)]
        whole = _unit(chosen[:, 0] + 0.5 * chosen[:, 1] + _NOISE * self._noise(hashes[:, 2]))
        owner = np.repeat(np.arange(len(texts)), [len(spans) for spans in sentences])
        place = np.array([n for spans in sentences for n in range(1, len(spans) + 1)], np.uint64)
        return whole, _unit(whole[owner] + _NOISE * self._noise(hashes[owner, 2] + place))

    @cached_property
    def _base(self) -> Vectors:
        return self._real.questions(self._texts[:_BASE])

    @cached_property
    def _pool(self) -> npt.NDArray[np.float32]:
        rows = np.random.default_rng(_SEED).standard_normal((1 << 14, self.dimension), np.float32)
        return _unit(rows)

    def _noise(self, seeds: npt.NDArray[np.uint64]) -> Vectors:
        """Two rows of the pool for each seed, so that few texts share both."""
        size = np.uint64(len(self._pool))
        first, second = seeds % size, (seeds // size) % size
        return np.asarray(self._pool[first] + self._pool[second], np.float32) / np.float32(np.sqrt(2))


def _hash(text: str) -> list[int]:
    raw = hashlib.blake2b(text.encode(), digest_size=24).digest()
    return [int.from_bytes(raw[at : at + 8], "little") >> 8 for at in (0, 8, 16)]


def _unit(rows: npt.NDArray[np.float32]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32).reshape(rows.shape)
