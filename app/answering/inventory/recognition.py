"""Recognition of questions about the collection itself: the whole question must be one."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.answering.inventory.conditions import NO_CONDITIONS, Conditions, Setting, bare, split
from app.answering.inventory.wording import KINDS, Kind, alternatives, closing, patterns, polite
from app.answering.language import Language, languages_of
from app.answering.ways.times.counts import count_of
from app.answering.ways.words.operators import demoting, obeyed
from app.answering.ways.words.verbatim import QUOTED, quoted
from index.keywords.tokenizer import tokenise
from index.patterns import lazy

_LONGEST = 200  # characters of a question
_MARKS = " ?¿？!¡！.。,，;；:："
_BEHIND = lazy(r"[^\W\d_]{3}[.!?] (?P<rest>[A-Z].*)$", re.DOTALL)  # further sentences
_ASKS = lazy(r"[?？]")
_SINGLE = lazy(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class InventoryQuestion:
    """A question about the collection: articles that mention the `subject` and meet the conditions.

    An empty subject means all articles. `tokens` are its index terms, `phrases` its parts in quotation marks; of the
    articles those with all terms of a part of `without` are left out. `most` is the number of articles that are to be
    shown, 0 where the question gives none. `page` counts the pages that were shown before.
    """

    kind: Kind
    language: Language
    subject: str = ""
    tokens: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    most: int = 0
    conditions: Conditions = NO_CONDITIONS
    page: int = 0


class _AnyName:
    """Publishers where they are not known: any name may be one."""

    def __contains__(self, name: object) -> bool:
        return True


def inventory_question(
    text: str, earlier: Sequence[str] = (), publishers: Container[str] = (), today: date | None = None
) -> InventoryQuestion | None:
    """The question about the collection that a text is, or goes on with ("more"); None for any other.

    `earlier` are the questions before it, oldest first; `publishers` are folded names. Relative times count from
    `today`, the date of today unless it is given.
    """
    if not is_more(text):
        return _recognised(_first_sentence(text), publishers, today or date.today())
    before = list(earlier)
    while before and is_more(before[-1]):
        before.pop()
    first = _recognised(before[-1], publishers, today or date.today()) if before else None
    return replace(first, page=len(earlier) - len(before) + 1) if first and first.kind != "topics" else None


def _first_sentence(text: str) -> str:
    """The first sentence, where others behind it ask nothing: "List all articles on dogs. I was away." """
    match = _BEHIND.search(text)
    return text if match is None or _ASKS.search(match["rest"]) else text[: match.start("rest")]


def is_more(text: str) -> bool:
    """Whether a text asks for more of a list that a question before it has asked for."""
    return len(text) <= _LONGEST and any(
        pattern.fullmatch(_cleaned(text, each.code))
        for each in languages_of(text)
        for pattern in patterns(each.code, "more")
    )


def list_before(text: str, earlier: Sequence[str]) -> tuple[str, ...]:
    """The earlier questions from the one on whose list a text asks for more of; empty for any other text."""
    if not is_more(text) or inventory_question(text, earlier, _AnyName()) is None:
        return ()
    return tuple(earlier[max(place for place, question in enumerate(earlier) if not is_more(question)) :])


def _recognised(text: str, publishers: Container[str], today: date) -> InventoryQuestion | None:
    if len(text) > _LONGEST:
        return None
    for language in languages_of(text):
        cleaned, setting = _cleaned(text, language.code), Setting(language.code, publishers, today)
        for kind in KINDS:
            for pattern in patterns(language.code, kind):
                match = pattern.fullmatch(cleaned)
                question = match and _question(InventoryQuestion(kind, language), _groups(match), setting)
                if question:
                    return question
    return None


def _question(question: InventoryQuestion, groups: dict[str, str], setting: Setting) -> InventoryQuestion | None:
    """The question with the groups of its pattern; None where a part of it cannot be read.

    Groups: `mentioned`, a subject; `rest`, conditions alone; `tail`, a subject and conditions; `most` or
    `most_after`, a number of articles.
    """
    code, subject, rests = question.language.code, groups.get("mentioned", ""), [groups.get("rest", "")]
    tail, conditions = split(groups.get("tail", "").strip(" ,"), setting, NO_CONDITIONS)
    if tail:
        matches = (pattern.fullmatch(tail) for pattern in patterns(code, "subject"))
        named = next((_groups(match) for match in matches if match), {"rest": tail})
        subject = named.get("mentioned", subject)
        rests.append(named.get("rest", ""))
    if subject:
        subject, conditions = split(subject, setting, conditions)
        if not subject:
            return None
    for rest in rests:
        left, conditions = split(rest.strip(" ,，"), setting, conditions)
        known = bare(left, setting, conditions) if left.strip() else conditions
        if known is None:
            return None
        conditions = known
    most = count_of(groups.get("most") or groups.get("most_after") or "0")
    return _about(replace(question, conditions=conditions, most=most), subject)


def _about(question: InventoryQuestion, subject: str) -> InventoryQuestion | None:
    """The question about a subject; None where the index cannot tell which articles mention it."""
    if not subject:
        return question
    operators = [*obeyed(subject), *demoting(subject)]
    wanted = subject
    for operator in operators:
        wanted = wanted.replace(operator.text, " ")
    tokens = tuple(dict.fromkeys(tokenise(wanted)))
    if alternatives(question.language.code).search(QUOTED.sub(" ", subject)):
        return None
    if not tokens or any(_SINGLE.fullmatch(token) for token in tokens):  # the index has pairs of such characters
        return None
    phrases = tuple(words for _, words in quoted(subject))
    without = tuple(tuple(tokenise(operator.words)) for operator in operators)
    shown = subject.strip(" \"“”„「」『』«»'‘’")
    return replace(question, subject=shown, tokens=tokens, phrases=phrases, without=without)


def _groups(match: re.Match[str]) -> dict[str, str]:
    """The groups that took part in a match."""
    return {name: text for name, text in match.groupdict().items() if text is not None}


def _cleaned(text: str, code: str) -> str:
    """The text on one line, without polite words before it and marks around it."""
    cleaned = " ".join(text.split()).strip(_MARKS)
    for _ in range(2):
        shorter = closing(code).sub("", cleaned).strip(_MARKS)
        cleaned = shorter or cleaned
    for _ in range(3):
        match = polite(code).match(cleaned)
        if not match or match.end() == len(cleaned):
            break
        cleaned = cleaned[match.end() :]
    return cleaned
