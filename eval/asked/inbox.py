"""Unanswered questions of a log, one after the other: each becomes a test by a key."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from app.answering.collection import Collection
from app.answering.labelled.appending import appended, shortest
from app.answering.labelled.questions import BadSet
from eval.asked.logged import often

_PASSAGES = 5
_HELP = "The number of the sentence that answers, n if the articles do not say, Enter to go on, q to end: "


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage that is near."""

    article: str
    text: str
    passage: str


def sort_inbox(
    asked: Iterable[tuple[str, int]],
    collection: Collection,
    path: Path,
    answers: TextIO,
    say: Callable[[str], None],
) -> int:
    """The number of tests that were added to the set at `path`, as the lines of `answers` want them."""
    added, find = 0, collection.searcher.articles.by_id
    for text, count in asked:
        sentences = _nearest(text, collection)
        say(f"\n{text}  (asked {often(count)})")
        for number, sentence in enumerate(sentences, 1):
            say(f"{number:4}  {' '.join(sentence.text.split())}  [{sentence.article}]")
        key = _key(answers, say, len(sentences))
        if key == "q":
            break
        if not key:
            continue
        chosen = [sentences[int(key) - 1]] if key != "n" else []
        quotes = [shortest(each.article, each.text, each.passage, find) for each in chosen]
        try:
            say(f"added as {appended(path, text, quotes, find)}")
            added += 1
        except BadSet as error:
            say(str(error))
    return added


def _key(answers: TextIO, say: Callable[[str], None], most: int) -> str:
    """A number up to `most`, "n", "q" or nothing; the end of the input is "q"."""
    while True:
        say(_HELP)
        line = answers.readline()
        key = line.strip().lower() if line else "q"
        if key in ("", "n", "q") or (key.isascii() and key.isdigit() and 1 <= int(key[:9]) <= most):
            return key
        say(f"{key[:20]!r} is none of them")


def _nearest(text: str, collection: Collection) -> list[Sentence]:
    """The sentences of the nearest passages, in the order of the passages."""
    return [
        Sentence(hit.passage.article.id, hit.passage.article.text[start:end], hit.passage.text)
        for hit in collection.nearest(text, _PASSAGES)
        for start, end in hit.sentences.spans
    ]
