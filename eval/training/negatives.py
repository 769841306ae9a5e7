"""Made negatives: questions that a passage nearly answers, made from questions that it does answer.

Each function returns None where nothing fitting can be made.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from eval.training.records import Record
from index.passages.sentences import sentence_spans

_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_NAME = re.compile(r"(?<=[\w,;] )(?:[A-Z][\w'’-]+)(?: (?:of |the |de )?[A-Z][\w'’-]+)*")
_AUXILIARY = re.compile(r"\b(did|does|do|is|are|was|were|can|could|would|should|must|has|have)\b", re.IGNORECASE)
_ASKS = re.compile(r"^(when|where|why|how)(?= (?:was|were|is|are|did|does|do|has|have|can|will)\b)", re.IGNORECASE)
_PAIRS = (
    "first last|before after|most least|highest lowest|largest smallest|biggest smallest|longest shortest|north south|"
    "east west|northern southern|eastern western|increase decrease|increased decreased|more fewer|more less|early late|"
    "oldest youngest|older younger|minimum maximum|male female|man woman|men women|mother father|son daughter|"
    "brother sister|king queen|start end|began ended|begin end|win lose|won lost|buy sell|bought sold|rise fall|"
    "rose fell|support oppose|supported opposed|cause prevent|causes prevents|above below|inside outside|always never|"
    "new old|accept reject|accepted rejected|open close|opened closed|arrive leave|arrived left|born died|birth death|"
    "good bad|best worst|high low|higher lower|left right|upper lower|import export|imports exports|teacher student|"
    "major minor|public private|include exclude|included excluded|allowed forbidden|possible impossible|with without|"
    "strong weak|strongest weakest|hot cold|fast slow|fastest slowest|summer winter|morning evening|day night|"
    "percentage number|founded closed|built destroyed|joined left|gained lost|advantage disadvantage|input output"
)
_OPPOSITE: dict[str, list[str]] = {}
for _pair in _PAIRS.split("|"):
    _one, _other = _pair.split()
    _OPPOSITE.setdefault(_one, []).append(_other)
    _OPPOSITE.setdefault(_other, []).append(_one)
_WITH_OPPOSITE = re.compile(rf"\b({'|'.join(_OPPOSITE)})\b", re.IGNORECASE)


def exchanged(record: Record, names: Sequence[str], chance: random.Random) -> Record | None:
    """The question about something else: a number, name, opposite, negation or question word is exchanged.

    Half of the other names and numbers are of the same passage, the others of `names`.
    """
    ways: list[Callable[[], str | None]] = [
        lambda: _other_name(record, names, chance),
        lambda: _other_number(record, chance),
        lambda: _opposite(record.question, chance),
        lambda: _asking_else(record, chance),
    ]
    chance.shuffle(ways)
    if chance.random() < 0.1:
        ways.insert(0, lambda: _negated(record.question))
    for way in ways:
        question = way()
        if question and question != record.question:
            return _unanswerable(record, question=question)
    return None


def removed(record: Record) -> Record | None:
    """The passage without the sentences that hold an answer, so that only the surroundings are left."""
    texts = {record.passage[start:end].casefold() for start, end in record.answers}
    left = [
        record.passage[start:end]
        for start, end in sentence_spans(record.passage)
        if not any(start < stop and begin < end for begin, stop in record.answers)
    ]
    passage = " ".join(left)
    if len(passage) < 60 or any(text in passage.casefold() for text in texts):
        return None
    return _unanswerable(record, passage=passage)


def names_of(records: Sequence[Record]) -> list[str]:
    """The names in the questions of these records."""
    return [name for record in records for name in _NAME.findall(record.question)]


def _unanswerable(record: Record, *, question: str = "", passage: str = "") -> Record:
    return replace(
        record,
        question=question or record.question,
        passage=passage or record.passage,
        answers=(),
        answerable=False,
    )


def _other_name(record: Record, names: Sequence[str], chance: random.Random) -> str | None:
    said = [match for match in _NAME.finditer(record.question) if match[0] in record.passage]
    if not said:
        return None
    match = chance.choice(said)
    answers = " ".join(record.passage[start:end] for start, end in record.answers)
    near = [name for name in _NAME.findall(record.passage) if name not in answers]
    pool = near if near and chance.random() < 0.5 else names
    others = [name for name in pool if name not in record.question and match[0] not in name]
    return _put(record.question, match, chance.choice(others)) if others else None


def _other_number(record: Record, chance: random.Random) -> str | None:
    said = [match for match in _NUMBER.finditer(record.question) if match[0] in record.passage]
    if not said:
        return None
    match = chance.choice(said)
    near = [number for number in _NUMBER.findall(record.passage) if len(number) == len(match[0])]
    changed = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + chance.randint(1, 9)) % 10), match[0])
    other = chance.choice(near) if near and chance.random() < 0.5 else changed
    return None if other == match[0] else _put(record.question, match, other)


def _opposite(question: str, chance: random.Random) -> str | None:
    said = list(_WITH_OPPOSITE.finditer(question))
    if not said:
        return None
    match = chance.choice(said)
    return _put(question, match, chance.choice(_OPPOSITE[match[0].lower()]))


def _asking_else(record: Record, chance: random.Random) -> str | None:
    """Another question word: when, where, why or how, as long as it does not ask for the same kind of answer."""
    match = _ASKS.match(record.question)
    if not match:
        return None
    others = [word for word in ("When", "Where", "Why", "How") if word.lower() != match[0].lower()]
    return _put(record.question, match, chance.choice(others))


def _negated(question: str) -> str | None:
    match = _AUXILIARY.search(question)
    return question[: match.end()] + " not" + question[match.end() :] if match else None


def _put(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]
