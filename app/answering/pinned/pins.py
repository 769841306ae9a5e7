"""Pins: passages that the editors chose for questions, kept as a note beside an index."""

import json
import logging
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from index.errors import BadQuestion, UserError
from index.keywords.tokenizer import tokenise, word_spans
from index.reading.files import lines_of
from index.search.questions.question import checked
from index.stores.notes import Notes

PINS = "pins.jsonl"
MOST_PINS, _MOST_CHARACTERS = 1_000, 2_000_000
_LONGEST = 10_000  # characters of a quote
_IDLE = frozenset(("a", "an", "please", "the"))
_log = logging.getLogger(__name__)


class BadPins(UserError):
    """Pins cannot be read or kept; the message lists every line that is wrong and why."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A quote of an article that comes first for each of the questions; `sentence` is the part of it to mark."""

    questions: tuple[str, ...]
    article: str
    quote: str
    sentence: str = ""

    def __post_init__(self) -> None:
        if not self.questions or not self.article or not self.quote.strip():
            raise ValueError("a pin needs questions, an article and a quote")
        if len(self.quote) > _LONGEST or self.sentence not in self.quote:
            raise ValueError(f"a quote has at most {_LONGEST:,} characters, and holds its sentence")

    def to_json(self) -> str:
        """The pin as a line of a file."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Pins:
    """The pins of a collection in their order, and by the key of each question."""

    all: tuple[Pin, ...] = ()
    by_question: Mapping[tuple[str, ...], tuple[Pin, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pins: Iterable[Pin]) -> "Pins":
        """Pins by their questions."""
        every, by_question = tuple(pins), defaultdict[tuple[str, ...], tuple[Pin, ...]](tuple)
        for pin in every:
            for key in dict.fromkeys(map(question_key, pin.questions)):
                by_question[key] += (pin,)
        return cls(every, dict(by_question))

    def for_question(self, question: str) -> tuple[Pin, ...]:
        """The pins of a question and of its rewordings."""
        return self.by_question.get(question_key(question), ()) if self.by_question else ()


NO_PINS = Pins()


@lru_cache(maxsize=4_096)
def question_key(question: str) -> tuple[str, ...]:
    """The stems of a question's words in their order: the same for another case, punctuation, number or article."""
    text = unicodedata.normalize("NFKC", question).casefold()
    words = [text[start:end] for start, end in word_spans(text)]
    return tuple(stem for word in words if word not in _IDLE for stem in tokenise(word) or [word])


def parsed_pins(text: str) -> Pins:
    """The pins of a text with a JSON object a line. Raises BadPins."""
    pins, faults = [], []
    for number, line in enumerate(lines_of(text[: _MOST_CHARACTERS + 1]), 1):
        if line.strip() and not line.startswith("#"):
            try:
                pins.append(_pin(json.loads(line)))
            except (ValueError, TypeError, RecursionError, BadQuestion) as error:
                faults.append(f"line {number}: {error}")
    if len(pins) > MOST_PINS or len(text) > _MOST_CHARACTERS:
        faults.append(f"at most {MOST_PINS:,} pins in {_MOST_CHARACTERS:,} characters are read")
    if faults:
        raise BadPins(f"{len(faults)} faults in the pins\n" + "\n".join(f"  {fault}" for fault in faults))
    return Pins.of(pins)


def _pin(fields: Any) -> Pin:
    if not isinstance(fields, dict) or set(fields) - {"questions", "article", "quote", "sentence"}:
        raise ValueError('a line is {"questions": ["…"], "article": "…", "quote": "…", "sentence": "…"}')
    questions = fields.get("questions")
    texts = [fields.get("article"), fields.get("quote"), fields.get("sentence", "")]
    if not isinstance(questions, list) or not all(isinstance(text, str) for text in (*questions, *texts)):
        raise ValueError("questions are a list of texts, the other fields are texts")
    return Pin(tuple(map(checked, questions)), *texts)


def read_pins(notes: Notes) -> Pins:
    """The pins that are kept beside an index; none, with a line in the log, where they cannot be read."""
    try:
        return parsed_pins(notes.read_note(PINS) or "")
    except (OSError, ValueError, BadPins) as error:
        _log.error("%s/%s cannot be read, so nothing is pinned: %s", notes, PINS, error)
        return NO_PINS


def write_pins(notes: Notes, pins: Iterable[Pin]) -> None:
    """Keep these pins instead of the former ones. Raises BadPins, and Unavailable."""
    text = "".join(f"{pin.to_json()}\n" for pin in pins)
    parsed_pins(text)
    try:
        notes.write_note(PINS, text)
    except OSError as error:
        raise BadPins(f"{notes}/{PINS} cannot be written: {error.strerror}") from error


def pins_stamp(notes: Notes) -> int:
    """A number that changes whenever pins are kept; 0 without any."""
    return notes.note_stamp(PINS)
