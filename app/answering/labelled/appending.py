"""A line that is added to a set of questions, checked as the others are."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from filelock import FileLock

from app.answering.labelled.questions import FAULTS, BadSet, Find, no_set, parsed_lines, parsed_question, reason_of
from index.search.questions.question import checked

PREFIX = "asked-"  # of the ids that are given


def appended(path: Path, question: str, quotes: Iterable[tuple[str, str]], find: Find) -> str:
    """The id of a question that was added to the set, which is made if it is not there.

    Each of the `quotes`, an article's id and its words, answers it alone; without any the articles do not say. Raises
    BadSet, and leaves the set as it was, for a question that it holds already and for a line that is faulty.
    """
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock"):
            before = target.read_text("utf-8") if target.exists() else ""
            line = _line(question, list(quotes), _known(path, before))
            _check(path, line, find)
            start = f"{before.rstrip()}\n" if before.strip() else ""
            fresh = target.with_name(f"{target.name}.new")
            fresh.write_text(f"{start}{json.dumps(line, ensure_ascii=False)}\n", "utf-8")
            fresh.replace(target)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSet(f"{path} cannot be written ({error})") from error
    return str(line["id"])


def _known(path: Path, text: str) -> dict[str, str]:
    """The ids of a set by their questions. Raises BadSet."""
    lines = parsed_lines(path, text)
    try:
        return {checked(str(line["question"])).casefold(): str(line["id"]) for line in lines}
    except FAULTS as error:
        raise no_set(path, error) from error


def _line(question: str, quotes: list[tuple[str, str]], known: dict[str, str]) -> dict[str, Any]:
    if name := known.get(checked(question).casefold()):
        raise BadSet(f"the question stands in the set already, as {name}")
    numbers = [int(name[len(PREFIX) :]) for name in known.values() if name[len(PREFIX) :].isdecimal()]
    gold = [[{"article": article, "quote": quote} for article, quote in quotes]] if quotes else []
    kind = "fact" if quotes else "near-miss"
    number = max(numbers, default=0) + 1
    return {"id": f"{PREFIX}{number:03}", "question": question, "kind": kind, "gold": gold, "history": []}


def _check(path: Path, line: dict[str, Any], find: Find) -> None:
    try:
        parsed_question(line, find)
    except FAULTS as error:
        raise BadSet(f"{path}: {reason_of(error)}") from error


def shortest(article: str, sentence: str, passage: str, find: Find) -> tuple[str, str]:
    """The article and the sentence, or the passage around it where the article holds the sentence more than once."""
    found = find(article)
    unique = found is not None and found.text.count(sentence) == 1
    return article, sentence if unique else passage
