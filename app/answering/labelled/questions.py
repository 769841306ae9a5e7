"""A set of labelled questions: its format, and the check that resolves gold quotes to spans of the articles."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.answering.conversation.followup import question_after
from index.articles.article import Article
from index.errors import BadQuestion, UserError
from index.search.questions.question import Question, checked

UNANSWERABLE = ("near-miss", "outside")  # about a subject of the articles, or clearly about something else
PLAIN_KINDS = ("fact", "paraphrase", "riddle", "comparison", "temporal", "follow-up", "chinese", *UNANSWERABLE)
LIST = "list"  # the answer is a number of articles, or a list of them
WAY_KINDS = (
    *("phrase", "exclusion", "latest", "date", "number", "acronym"),
    *(LIST, "definition", "yes-no", "side-by-side"),
)  # each puts one way to ask to the test
KINDS = (*PLAIN_KINDS, *WAY_KINDS)
_FORMER = {"unanswerable": "near-miss"}  # kinds that earlier templates showed, as they are read now
TEMPLATE = """\
{"id": "fact-001", "question": "A question as a person would ask it", "kind": "fact", "gold": [[{"article": "folder/name", "quote": "the words of the article that answer it, copied exactly"}]], "history": []}
{"id": "comparison-001", "question": "A question that needs two articles", "kind": "comparison", "gold": [[{"article": "a", "quote": "what the first says"}], [{"article": "b", "quote": "what the second says"}, {"article": "c", "quote": "another quote that will do as well"}]], "history": []}
{"id": "follow-up-001", "question": "And the year before?", "kind": "follow-up", "gold": [[{"article": "a", "quote": "the answer's words"}]], "history": [{"question": "The question before it", "articles": ["a"]}]}
{"id": "near-miss-001", "question": "A question on a subject of the articles that none of them answers", "kind": "near-miss", "gold": [], "history": []}
{"id": "outside-001", "question": "A question about something else, as people ask them", "kind": "outside", "gold": [], "history": [{"question": "An earlier question on the articles", "articles": ["a"]}]}
{"id": "latest-001", "question": "What changed last month?", "kind": "latest", "gold": [[{"article": "a", "quote": "the answer's words"}]], "today": "2026-03-31"}
{"id": "list-001", "question": "Which articles mention bees?", "kind": "list", "gold": [], "articles": ["a", "folder/name"]}
{"id": "list-002", "question": "How many articles are there?", "kind": "list", "gold": [], "count": 120}
"""  # noqa: E501 - JSON lines

FAULTS = (ValueError, KeyError, TypeError, AttributeError, RecursionError, BadQuestion)  # of a line
Find = Callable[[str], Article | None]


class BadSet(UserError):
    """A set of questions cannot be read; the message lists every line that is wrong and why."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A quote that answers: `text[start:end]` of the article."""

    article: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with its answer: `gold` holds its needed parts, each with its acceptable quotes.

    `short` holds the words that answer, each way of saying them. A question for a list has no gold but the `count`
    of articles that the answer must state, and the ids of these `articles` where they are known. Without gold and
    count it is unanswerable. `today` is the date on which a relative question is asked.
    """

    id: str
    question: str
    kind: str
    gold: tuple[tuple[Gold, ...], ...] = ()
    history: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    count: int | None = None
    articles: frozenset[str] | None = None
    today: date | None = None

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.gold) or self.count is not None

    def asked(self) -> Question:
        """The question as the chat would ask it, after those before it."""
        return question_after(self.question, self.history)


def read_questions(path: Path, find: Find) -> list[LabelledQuestion]:
    """The questions of a JSON-lines file, their quotes found in the articles that `find` gives.

    Raises BadSet with every faulty line: not JSON, a field missing or wrong, an id given twice, a
    quote that its article does not hold or holds more than once.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSet(f"{path} cannot be read ({error}). Make one: python -m eval check --template > {path}") from error
    questions: list[LabelledQuestion] = []
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                questions.append(parsed_question(json.loads(line), find))
            except FAULTS as error:
                faults.append(f"line {number}: {reason_of(error)}")
    repeated = Counter(question.id for question in questions)
    faults += [f"id {name!r} stands on {count} lines" for name, count in repeated.items() if count > 1]
    if not questions and not faults:
        faults.append("there is no question in it")
    if faults:
        raise BadSet(f"{path}: {len(faults)} faults\n" + "\n".join(f"  {fault}" for fault in faults))
    return questions


def parsed_lines(path: Path, text: str) -> list[Any]:
    """The values of the lines of a set, unchecked. Raises BadSet for a line that is no JSON."""
    try:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except FAULTS as error:
        raise no_set(path, error) from error


def no_set(path: Path, error: Exception) -> BadSet:
    """The error for a file that is no set of questions."""
    return BadSet(f"{path} is no set of questions ({reason_of(error)}). Try: python -m eval check --set")


def untouched(questions: Iterable[LabelledQuestion], articles: Iterable[str]) -> list[str]:
    """The articles that no gold quote comes from."""
    touched = {gold.article for question in questions for part in question.gold for gold in part}
    return sorted(set(articles) - touched)


def parsed_question(fields: dict[str, Any], find: Find) -> LabelledQuestion:
    """The question of a line. Raises one of FAULTS."""
    unknown = set(fields) - {"id", "question", "kind", "gold", "history", "short", "count", "articles", "today"}
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
    kind = _FORMER.get(_text(fields, "kind"), fields["kind"])
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is none of: {', '.join(KINDS)}")
    gold = tuple(tuple(_gold(quote, find) for quote in part) for part in fields["gold"])
    count, articles = _listing(fields, find)
    if count is not None and (kind != LIST or gold):
        raise ValueError(f"count and articles are for questions of kind {LIST} without gold")
    if not all(gold) or (bool(gold) or count is not None) == (kind in UNANSWERABLE):
        raise ValueError(
            f"every kind but {' and '.join(UNANSWERABLE)} needs gold, each part with at least one quote; "
            f"kind {LIST} may have count or articles instead"
        )
    return LabelledQuestion(
        id=_text(fields, "id"),
        question=checked(_text(fields, "question")),
        kind=kind,
        gold=gold,
        history=tuple(_text(turn, "question") for turn in fields.get("history", [])),
        short=tuple(_short(words, gold) for words in fields.get("short", [])),
        count=count,
        articles=articles,
        today=date.fromisoformat(_text(fields, "today")) if "today" in fields else None,
    )


def _listing(fields: dict[str, Any], find: Find) -> tuple[int | None, frozenset[str] | None]:
    """The number of articles that the answer must state, and their ids; None where the line does not say."""
    names, count = fields.get("articles"), fields.get("count")
    if names is not None:
        if not isinstance(names, list) or len(set(names)) < len(names):
            raise ValueError("articles is a list of ids, each once")
        if missing := [name for name in names if find(name) is None]:
            raise ValueError(f"there is no article {missing[0]!r}")
        count = len(names) if count is None else count
    if count is not None and (type(count) is not int or count < 0):
        raise ValueError(f"count is no number of articles: {count!r}")
    if names is not None and count != len(names):
        raise ValueError(f"count is {count!r}, but there are {len(names)} articles")
    return count, None if names is None else frozenset(names)


def _short(words: str, gold: tuple[tuple[Gold, ...], ...]) -> str:
    if not any(words in quote.quote for part in gold for quote in part):
        raise ValueError(f"no quote of it holds the short answer {words!r}")
    return words


def _gold(fields: dict[str, Any], find: Find) -> Gold:
    if not isinstance(fields, dict):
        raise ValueError('gold is a list of parts, each a list of {"article": …, "quote": …}')
    name, quote = _text(fields, "article"), _text(fields, "quote")
    article = find(name)
    if article is None:
        raise ValueError(f"there is no article {name!r}")
    start = article.text.find(quote)
    if start < 0:
        raise ValueError(f"{name} does not hold the quote {quote!r}")
    if article.text.find(quote, start + 1) >= 0:
        raise ValueError(f"{name} holds the quote {quote!r} more than once. Make it longer")
    return Gold(name, start, start + len(quote), quote)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is not a text: {value!r}")
    return value


def reason_of(error: Exception) -> str:
    """The reason of an error of the kinds in FAULTS, in words."""
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at column {error.colno}"
    return f"field {error} is missing" if isinstance(error, KeyError) else str(error)
