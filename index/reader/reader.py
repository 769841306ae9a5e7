"""The reader: reads a question together with passages, says how likely each answers, and where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.arrays import Offsets, Scores, logistic
from index.encoder.openvino_runtime import Network
from index.errors import BadModel, first_line
from index.passages.sentences import Span
from index.patterns import lazy
from index.reader.graph import graph
from index.reader.reader_file import ReaderWeights, load_weights
from index.reader.spans import best_tokens
from index.reader.windows import Tokens, Window, Windows, grown, tiled

_FAR = -1e4  # logit of padding
_MULTIPLE = 16  # lengths are rounded up to it, as the runtime prepares itself for every new length
# The states of a token are multiplied as 8-bit integers, scaled together: a third less time, and logits within .1.
_QUANTIZED = {"DYNAMIC_QUANTIZATION_GROUP_SIZE": 384}
_READ_WHOLE, _WINDOWS = 3, 2  # first passages that are read whole, if so many windows hold them
_LATIN = 0.5  # share of a text's letters that must be Latin for the reader to read it
_LETTER = lazy(r"[^\W\d_]")
_LATIN_LETTER = lazy(r"[A-Za-z\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Extract:
    """A passage to read: its title, its text, the spans of its sentences, and the row of its best sentence."""

    title: str
    text: str
    sentences: Sequence[Span]
    best: int


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A sentence as it was read.

    `margin` is the score of its best span over that of "no answer here", in logits; `answer` is that span, of the
    passage's text.
    """

    margin: float
    answer: Span


@dataclass(frozen=True, slots=True)
class PassageReading:
    """A passage as it was read: the logit of "it answers", and its sentences by row; those not read are missing."""

    relevance: float
    sentences: dict[int, SentenceReading]

    @property
    def probability(self) -> float:
        """The reader's own probability that the passage answers, in [0, 1]."""
        return float(logistic(np.float32(self.relevance)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A window of the passage in this row, which begins at this token of the passage."""

    row: int
    start: int
    window: Window


class Reader:
    """A small cross-encoder on OpenVINO. Threads may share it; it reads English and abstains from other scripts."""

    def __init__(self, weights: ReaderWeights) -> None:
        """Raise BadModel if the weights are not a reader's, or nothing here can run it."""
        try:
            self._network = Network(graph(weights.arrays), _QUANTIZED)
            self._words = weights.words
            self._types = weights.arrays["embeddings.token_type_embeddings.weight"]
            self._places = weights.arrays["embeddings.position_embeddings.weight"]
            self._windows = Windows(weights.tokenizer)
        except (ImportError, RuntimeError, KeyError, ValueError, OSError) as error:
            reason = f"the reader cannot run here ({first_line(error)})"
            raise BadModel(f"{reason}. Go on without: --reader none") from error

    def read(self, question: str, extracts: Sequence[Extract]) -> list[PassageReading | None]:
        """Each extract as it was read; None for one in another script, and for all if the question is in one."""
        if not _is_latin(question):
            return [None] * len(extracts)
        asked_tokens = self._windows.question(question)
        tokens = {
            row: self._windows.tokens(extract.text, extract.sentences)
            for row, extract in enumerate(extracts)
            if _is_latin(extract.text)
        }
        asked = [
            _Asked(row, around[0], self._windows.window(asked_tokens, title, tokens[row], around))
            for row in tokens
            for title in (self._windows.title(extracts[row].title),)
            for around in _ranges(tokens[row], extracts[row].best, self._windows.room(asked_tokens, title), row)
        ]
        found: list[PassageReading | None] = [None] * len(extracts)
        for each, (relevance, starts, ends) in zip(asked, self.outputs([each.window for each in asked]), strict=True):
            reading = PassageReading(relevance, dict(_sentences(each, tokens[each.row], starts, ends)))
            if reading.sentences:
                found[each.row] = _joined(found[each.row], reading)
        return found

    def outputs(self, windows: Sequence[Window]) -> list[tuple[float, Scores, Scores]]:
        """Of each window its relevance, and the logits of [CLS] and the passage's tokens to begin and end an answer."""
        found: dict[int, tuple[float, Scores, Scores]] = {}
        for rows in _batches([len(window.ids) for window in windows]):
            found |= zip(rows, self._batch([windows[row] for row in rows]), strict=True)
        return [found[row] for row in range(len(windows))]

    def _batch(self, windows: Sequence[Window]) -> list[tuple[float, Scores, Scores]]:
        ids, types, mask = _padded(windows)
        embeddings = self._words[ids] + self._types[types] + self._places[: ids.shape[1]]
        with self._network.lone_or_shared_request() as request:
            request.infer([np.asarray(embeddings, np.float32), mask], share_inputs=True)
            relevance, spans = (np.array(request.get_output_tensor(place).data, np.float32) for place in (0, 1))
        return [
            (float(relevance[row, 0]), spans[row, window.answering, 0], spans[row, window.answering, 1])
            for row, window in enumerate(windows)
        ]


def load_reader() -> Reader:
    """The reader that is shipped. Raises BadModel."""
    return Reader(load_weights())


def _is_latin(text: str) -> bool:
    """Whether at least half of its letters are Latin; not for a text without letters."""
    letters = _LETTER.findall(text)
    return sum(bool(_LATIN_LETTER.match(letter)) for letter in letters) >= max(len(letters) * _LATIN, 1)


def _ranges(tokens: Tokens, best: int, room: int, rank: int) -> list[Span]:
    """The ranges of tokens to read of the passage at this rank: all of it, or the surroundings of its best sentence."""
    if not tokens.ids:
        return []
    whole = tiled(tokens.sentences, room)
    return whole if len(whole) <= (_WINDOWS if rank < _READ_WHOLE else 1) else [grown(tokens.sentences, best, room)]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """The rows in one batch or two, shorter windows apart, whichever has the least padding."""
    rows = sorted(range(len(lengths)), key=lambda row: lengths[row])
    ways = [[rows[:cut], rows[cut:]] for cut in range(len(rows))]  # the first one is a single batch
    best = min(
        ways, key=lambda way: sum(len(part) * _padded_to([lengths[row] for row in part]) for part in way), default=[]
    )
    return [part for part in best if part]


def _padded_to(lengths: Sequence[int]) -> int:
    """The length of a batch of windows of these lengths."""
    return -(-max(lengths, default=0) // _MULTIPLE) * _MULTIPLE


def _padded(windows: Sequence[Window]) -> tuple[Offsets, Offsets, Scores]:
    """Ids and types, shape (n, longest), and the mask of `graph`."""
    longest = _padded_to([len(window.ids) for window in windows])
    ids, types = (np.zeros((len(windows), longest), np.int64) for _ in range(2))
    mask = np.full((len(windows), 1, 1, longest), _FAR, np.float32)
    for row, window in enumerate(windows):
        count = len(window.ids)
        ids[row, :count], types[row, :count], mask[row, ..., :count] = window.ids, window.types, 0.0
    return ids, types, mask


def _sentences(asked: _Asked, tokens: Tokens, starts: Scores, ends: Scores) -> Iterator[tuple[int, SentenceReading]]:
    """The sentences of which the window holds tokens."""
    held = len(starts) - 1
    for row, (start, end) in enumerate(tokens.sentences):
        first, last = max(start - asked.start, 0), min(end - asked.start, held)
        if first < last:
            here = slice(first + 1, last + 1)  # after [CLS]
            score, (begin, stop) = best_tokens(starts[here], ends[here])
            offsets = asked.window.offsets[first:last]
            answer = int(offsets[begin][0]), int(offsets[stop][1])
            yield row, SentenceReading(score - float(starts[0] + ends[0]), answer)


def _joined(one: PassageReading | None, other: PassageReading) -> PassageReading:
    """A passage that was read in two windows: the more relevant one counts, and the surer reading of each sentence."""
    if one is None:
        return other
    sentences = dict(one.sentences)
    for row, sentence in other.sentences.items():
        if row not in sentences or sentence.margin > sentences[row].margin:
            sentences[row] = sentence
    return PassageReading(max(one.relevance, other.relevance), sentences)
