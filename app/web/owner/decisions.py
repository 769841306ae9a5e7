"""Decisions of an owner on a question: a test of it, or a pinned passage."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

from app.answering.collection import Collection
from app.answering.labelled.appending import appended, shortest
from app.answering.labelled.questions import BadSet
from app.answering.links import edition
from app.answering.pinned.pins import BadPins, Pin, read_pins, write_pins
from app.settings import Settings
from index.articles.article import Article
from index.errors import UserError
from index.passages.sentences import Span
from index.search.questions.question import checked

_SENTENCE = re.compile(r"([0-9a-f]{12})\.(\d{1,10})-(\d{1,10})\.(\d{1,10})-(\d{1,10})\.(.+)", re.DOTALL | re.ASCII)
_pinning = Lock()


class NotDecided(UserError):
    """A decision cannot be carried out; the message says why."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A question, and what to do with the sentence of that name."""

    question: str
    action: Literal["test", "none", "pin"]
    sentence: str = ""


def sentence_name(article: Article, passage: Span, sentence: Span) -> str:
    """The name of a sentence of a passage in the edition of the article that is shown."""
    return f"{edition(article)}.{passage[0]}-{passage[1]}.{sentence[0]}-{sentence[1]}.{article.id}"


def decided(decision: Decision, collection: Collection, settings: Settings) -> str:
    """Carry out a decision; returns what was done. Raises NotDecided or BadQuestion."""
    question = checked(decision.question)
    if decision.action == "pin":
        return _pinned(question, *_marked(decision.sentence, collection), settings)
    if not settings.tests:
        raise NotDecided("CHAT_TESTS names no file for tests. Name one, such as tests.jsonl, and start again")
    find = collection.searcher.articles.by_id
    quotes = []
    if decision.action == "test":
        article, quote, sentence = _marked(decision.sentence, collection)
        quotes = [shortest(article, sentence, quote, find)]
    try:
        name = appended(Path(settings.tests), question, quotes, find)
    except BadSet as error:
        raise NotDecided(str(error)) from error
    return f"Added to {settings.tests} as {name}. Measure it: python -m eval run --set {settings.tests}"


def pin_key(pin: Pin) -> str:
    """The key of a pin in a form."""
    return hashlib.sha256(pin.to_json().encode()).hexdigest()


def unpinned(key: str, collection: Collection, settings: Settings) -> str:
    """Remove the pin with this key, if its article can be seen or is gone; returns what was done. Raises NotDecided."""
    with _pinning:
        pins = read_pins(settings.index).all
        mine = [pin for pin in pins if pin_key(pin) == key and is_shown(pin, collection)]
        if not mine:
            raise NotDecided("this passage is not pinned any more")
        _write([pin for pin in pins if pin not in mine], settings)
    return "The passage is no longer pinned."


def is_shown(pin: Pin, collection: Collection) -> bool:
    """Whether an owner may see a pin: with access by groups, only one whose article is visible."""
    return collection.searcher.articles.seen is None or collection.searcher.articles.by_id(pin.article) is not None


def _pinned(question: str, article: str, quote: str, sentence: str, settings: Settings) -> str:
    try:
        pin = Pin((question,), article, quote, "" if sentence == quote else sentence)
    except ValueError as error:
        raise NotDecided(str(error)) from error
    with _pinning:
        pins = read_pins(settings.index).all
        if pin in pins:
            raise NotDecided("this passage is pinned to the question already")
        _write([*pins, pin], settings)
    return "Pinned. The passage comes first from now on where this is asked."


def _write(pins: list[Pin], settings: Settings) -> None:
    try:
        write_pins(settings.index, pins)
    except BadPins as error:
        raise NotDecided(str(error)) from error


def _marked(name: str, collection: Collection) -> tuple[str, str, str]:
    """The article, the passage and the sentence of this name. Raises NotDecided."""
    match = _SENTENCE.fullmatch(name)
    if not match:
        raise NotDecided("no sentence is marked. Go back and mark one")
    article = collection.searcher.articles.by_id(match[6])
    if article is None or edition(article) != match[1]:
        raise NotDecided("the article has changed since the page was opened. Open the question again")
    start, end, first, last = (int(match[number]) for number in range(2, 6))
    if not start <= first < last <= end <= len(article.text):
        raise NotDecided("no sentence is marked. Go back and mark one")
    return article.id, article.text[start:end], article.text[first:last]
