"""Examples: records as the reader's inputs and targets, in a fixed order of batches."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from eval.training.negatives import exchanged, names_of, removed
from eval.training.records import SHARES, Record, batched, by_group
from index.keywords.tokenizer import words_of
from index.passages.sentences import Span
from index.reader.windows import Tokens, Window, Windows, grown

Kind: TypeAlias = Literal["given", "exchanged", "removed", "elsewhere"]
# The share of the answered records from which these kinds of negatives are made, and of the found negatives.
_MADE: dict[Kind, float] = {"removed": 0.22, "elsewhere": 0.12}
_FOUND = 0.6
_UNANSWERABLE_TIMES = 2  # questions written to be unanswerable are few
_WITHOUT_TITLE, _UNMARKED, _AFTER_ANOTHER = 0.3, 0.25, 0.1
_SPARE = 8  # tokens of an answer that fit into a window that cuts a sentence
_LONG = 600  # characters of a passage with a window that lies elsewhere


@dataclass(frozen=True, slots=True)
class Task:
    """A record to learn from, and what is made of it."""

    record: Record
    kind: Kind


@dataclass(frozen=True, slots=True)
class Example:
    """A window with its targets.

    `answerable` is 1.0 or 0.0. `starts` and `ends` are the positions of the first and last token of each answer in
    the window; both are [0], the position of [CLS], without an answer, and empty where the answer is not marked.
    """

    window: Window
    answerable: float
    starts: list[int]
    ends: list[int]


def epoch(records: Sequence[Record], seed: int, exchanged_share: float) -> list[Task]:
    """The tasks of one epoch in random order; another seed draws other records and negatives.

    `exchanged_share`, 0 to 1: the share of the answered records that get a negative by exchange.
    """
    chance = random.Random(seed)
    made: dict[Kind, float] = {"exchanged": exchanged_share, **_MADE}
    tasks: list[Task] = []
    for record in records:
        if chance.random() >= SHARES[record.source]:
            continue
        if record.is_retrieved:
            if not record.is_random_negative and chance.random() < _FOUND:
                tasks.append(Task(record, "given"))
            continue
        tasks += [Task(record, "given")] * (1 if record.answerable else _UNANSWERABLE_TIMES)
        if record.answers:
            tasks += [Task(record, kind) for kind, share in made.items() if chance.random() < share]
    chance.shuffle(tasks)
    return tasks


class Examples:
    """Makes examples of tasks."""

    def __init__(self, records: Sequence[Record], windows: Windows) -> None:
        self._windows = windows
        groups = by_group(list(records))
        self._names = {group: names_of(members) for group, members in groups.items()}
        self._all_names = [name for names in self._names.values() for name in names]
        self._questions = {group: [each.question for each in members] for group, members in groups.items()}

    def batches(self, tasks: Sequence[Task], chance: random.Random, size: int) -> list[list[Example]]:
        """Full batches of examples of similar length, longest first; without tasks of which nothing can be made."""
        made = [example for task in tasks if (example := self.example(task, chance))]
        made.sort(key=lambda example: -len(example.window.ids))
        return [batch for batch in batched(made, size) if len(batch) == size]

    def example(self, task: Task, chance: random.Random) -> Example | None:
        """The example of a task; None where nothing can be made of it."""
        record: Record | None = task.record
        if task.kind == "exchanged":
            record = exchanged(task.record, self._names[task.record.group] or self._all_names, chance)
        elif task.kind == "removed":
            record = removed(task.record)
        elif len(task.record.passage) < _LONG:
            record = task.record if task.kind == "given" else None
        return self._of(record, chance, elsewhere=task.kind == "elsewhere") if record else None

    def _of(self, record: Record, chance: random.Random, *, elsewhere: bool) -> Example | None:
        question = self._windows.question(self._asked(record, chance))
        title = [] if chance.random() < _WITHOUT_TITLE else self._windows.title(record.title)
        tokens = self._windows.tokens(record.passage)
        answers = _token_spans(tokens, record.answers)
        room = self._windows.room(question, title)
        around = _around(record, tokens, answers, room, chance, elsewhere=elsewhere)
        window = self._windows.window(question, title, tokens, around)
        start, end = around[0], around[0] + len(window.offsets)
        shift = window.first - start
        inside = [(first + shift, last + shift) for first, last in answers if first >= start and last < end]
        if answers and not elsewhere and not inside:
            return None  # the answer begins behind the window
        if inside and elsewhere:
            return None
        if record.answerable and not answers:
            return Example(window, 1.0, [], [])
        if not inside:
            return Example(window, 0.0, [0], [0])
        return Example(window, 1.0, [first for first, _ in inside], [last for _, last in inside])

    def _asked(self, record: Record, chance: random.Random) -> str:
        """The question as people type it: at times without its mark, at times after another on the same article."""
        text = record.question
        if chance.random() < _UNMARKED:
            text = text.rstrip("? ")
        if chance.random() < _AFTER_ANOTHER:
            earlier = chance.choice(self._questions[record.group])
            text = text if earlier == record.question else f"{earlier} {text}"
        return text


def _token_spans(tokens: Tokens, answers: Sequence[Span]) -> list[Span]:
    """The first and last token of each answer."""
    starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
    spans = []
    for start, end in answers:
        inside = ((starts < end) & (ends > start)).nonzero()[0]
        if len(inside):
            spans.append((int(inside[0]), int(inside[-1])))
    return list(dict.fromkeys(spans))


def _around(
    record: Record, tokens: Tokens, answers: Sequence[Span], room: int, chance: random.Random, *, elsewhere: bool
) -> Span:
    """The range of tokens of an example.

    It is grown around the sentence of an answer, at a random place of the window; without one around the sentence
    with most words of the question; and around any sentence if it is to lie elsewhere.
    """
    sentences, ahead = tokens.sentences, chance.random() < 0.5
    if elsewhere:
        return grown(sentences, chance.randrange(len(sentences)), room, ahead=ahead)
    if answers:
        first = answers[0][0]
        chosen = next((row for row, (start, end) in enumerate(sentences) if start <= first < end), 0)
        start, end = grown(sentences, chosen, chance.randint(room // 2, room), ahead=ahead)
        if end - start > room:  # one long sentence: the answer lies anywhere in the window
            latest = min(first, end - room)
            start = chance.randint(min(max(start, first - room + _SPARE), latest), latest)
        return start, end
    words = words_of(record.question)
    texts = [record.passage[tokens.offsets[start][0] : tokens.offsets[end - 1][1]] for start, end in sentences]
    overlaps = [len(words & words_of(text)) for text in texts]
    return grown(sentences, overlaps.index(max(overlaps)), room, ahead=ahead)
