"""Encoder on a transformer model without its runtime: prefixes, token counts and pooling."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from index.arrays import Offsets, Vectors
from index.encoder.model_files import Identity
from index.encoder.pooling import Part, cosine_parts, mean_state, sentence_means, unit
from index.errors import BadModel
from index.passages.sentences import Span

_LEAST_TOKENS = 16  # that must remain for a passage after its prefix
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class About:
    """Metadata of a model.

    `pools_sentences` says whether its vector is the mean of its token states. `reads` is the token
    limit with special tokens. `unknown` is -1 without such a token.
    """

    reads: int
    dimension: int
    pools_sentences: bool
    unknown: int
    padding: int


class TransformerEncoder(ABC):
    """Encoder whose subclasses run the model; see the protocol `Encoder` for its methods.

    If the model's vector is the mean of its token states, a sentence's vector is the mean of its
    token states within the passage; for other models sentences are encoded alone.
    """

    def __init__(self, identity: Identity, about: About, special_tokens: int) -> None:
        """Raise BadModel if the passage prefix leaves too few of the tokens that the model reads."""
        self._identity, self._about = identity, about
        self.dimension = about.dimension
        self.max_tokens = about.reads - special_tokens - self.count_tokens([identity.passage_prefix])[0]
        if self.max_tokens < _LEAST_TOKENS:
            raise BadModel(
                f"the passage prefix {identity.passage_prefix[:40]!r} leaves {self.max_tokens} of the "
                f"{about.reads} tokens that {identity.model} reads. Give a shorter --passage-prefix"
            )

    @abstractmethod
    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text without special tokens, also beyond the model's limit."""

    @abstractmethod
    def _vectors(self, texts: list[str]) -> Vectors:
        """The model's vector of each text, of any length."""

    @abstractmethod
    def _pooled(self, texts: list[str], pool: Callable[[int, Vectors, Offsets], Result]) -> list[Result]:
        """The result of `pool` for the row, token states and token offsets of each text."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special tokens."""
        return [len(ids) for ids in self._ids(texts)]

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        """The share of each text's tokens in the model's vocabulary, in [0, 1]; 1 for a text without tokens."""
        return [1 - ids.count(self._about.unknown) / len(ids) if ids else 1.0 for ids in self._ids(texts)]

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a question: shape (len(texts), dimension)."""
        return unit(self._vectors([self._identity.question_prefix + text for text in texts]))

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """Unit vectors of the passages and of all their sentences, in order."""
        prefix = self._identity.passage_prefix
        prefixed = [prefix + text for text in texts]
        if not self._about.pools_sentences:
            alone = [prefix + text[a:b] for text, spans in zip(texts, sentences, strict=True) for a, b in spans]
            return unit(self._vectors(prefixed)), unit(self._vectors(alone))

        def pool(row: int, states: Vectors, offsets: Offsets) -> Vectors:
            whole = mean_state(states)
            return np.stack([whole, *sentence_means(states, offsets - len(prefix), sentences[row], whole)])

        means = self._pooled(prefixed, pool)
        return unit(self._stacked(rows[:1] for rows in means)), unit(self._stacked(rows[1:] for rows in means))

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """The contribution of each token of a passage to its cosine with a question; they sum to the cosine."""
        if not self._about.pools_sentences:
            return None
        prefix = self._identity.passage_prefix
        [parts] = self._pooled([prefix + text], lambda _, states, at: cosine_parts(states, at - len(prefix), question))
        return parts

    def _stacked(self, parts: Iterable[Vectors]) -> Vectors:
        return np.concatenate([np.empty((0, self.dimension), np.float32), *parts])
