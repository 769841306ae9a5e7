"""Windows: the reader's inputs, each a question with whole sentences of a passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.arrays import Offsets
from index.passages.sentences import Span, sentence_spans

LENGTH = 128  # tokens of a window at most, with question, title and special tokens
_QUESTION, _TITLE = 40, 16  # tokens at most
_SPECIAL = ("[CLS]", "[SEP]")
_MARKS = 4  # [CLS] question [SEP] title [SEP] passage [SEP]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text: ids, their spans of it, shape (n, 2), and each sentence's range of tokens."""

    ids: list[int]
    offsets: Offsets
    sentences: list[Span]


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the reader.

    `ids` and `types` (0 for the question, 1 for title and passage) have one value a token. `first` is the
    position of the first token of the passage; `offsets` are the spans of its tokens in the passage's text.
    """

    ids: list[int]
    types: list[int]
    first: int
    offsets: Offsets

    @property
    def answering(self) -> list[int]:
        """The positions where an answer may begin or end: [CLS], which stands for nowhere, and the passage's tokens."""
        return [0, *range(self.first, self.first + len(self.offsets))]


class Windows:
    """Makes windows with the tokenizer of a BERT-like model; threads may share it."""

    def __init__(self, tokenizer_file: Path) -> None:
        """Raise OSError or ValueError for a file that is no tokenizer."""
        from tokenizers import Tokenizer

        try:
            self._tokenizer: Any = Tokenizer.from_str(tokenizer_file.read_text("utf-8"))
        except OSError:
            raise
        except Exception as error:  # the library raises a bare Exception
            raise ValueError(f"{tokenizer_file} is no tokenizer: {error}") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep = (self._tokenizer.encode(mark, add_special_tokens=False).ids[0] for mark in _SPECIAL)

    def question(self, text: str) -> list[int]:
        """The tokens of a question; of a long one the last 40."""
        return self._ids(text)[-_QUESTION:]

    def title(self, text: str) -> list[int]:
        """The tokens of a title; of a long one the first 16."""
        return self._ids(text)[:_TITLE]

    def tokens(self, text: str, sentences: Sequence[Span] = ()) -> Tokens:
        """The tokens of a passage and of its sentences, by default those of `sentence_spans`."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        offsets = np.array(encoding.offsets, np.int64).reshape(-1, 2)
        bounds = np.searchsorted(offsets[:, 0], np.array(sentences or sentence_spans(text), np.int64).reshape(-1, 2))
        return Tokens(encoding.ids, offsets, [(int(start), int(end)) for start, end in bounds])

    @staticmethod
    def room(question: Sequence[int], title: Sequence[int]) -> int:
        """The number of the passage's tokens that fit into a window."""
        return LENGTH - _MARKS - len(question) - len(title)

    def window(self, question: list[int], title: list[int], tokens: Tokens, around: Span) -> Window:
        """The window with these tokens of a passage; `around` is cut to the room."""
        start, end = around
        end = min(end, start + self.room(question, title))
        head = [self._cls, *question, self._sep]
        body = [*title, self._sep, *tokens.ids[start:end], self._sep]
        first = len(head) + len(title) + 1
        return Window(head + body, [0] * len(head) + [1] * len(body), first, tokens.offsets[start:end])

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids


def grown(sentences: Sequence[Span], chosen: int, room: int, *, ahead: bool = True) -> Span:
    """The range of tokens of the chosen sentence and as many neighbours as fit, the next and the previous in turn.

    `ahead` says whether the next one comes first. A sentence that is longer than the room is returned whole.
    """
    low = high = chosen
    while True:
        sides = [(low, high + 1), (low - 1, high)] if ahead else [(low - 1, high), (low, high + 1)]
        fitting = [
            (first, last)
            for first, last in sides
            if first >= 0 and last < len(sentences) and sentences[last][1] - sentences[first][0] <= room
        ]
        if not fitting:
            return sentences[low][0], sentences[high][1]
        (low, high), ahead = fitting[0], not ahead


def tiled(sentences: Sequence[Span], room: int) -> list[Span]:
    """Ranges of tokens that cover all sentences in order, each as many whole sentences as fit.

    A sentence that is longer than the room is cut into pieces of that length.
    """
    ranges: list[Span] = []
    for start, end in sentences:
        if ranges and end - ranges[-1][0] <= room:
            ranges[-1] = (ranges[-1][0], end)
            continue
        ranges += [(piece, min(piece + room, end)) for piece in range(start, end, room)]
    return ranges
