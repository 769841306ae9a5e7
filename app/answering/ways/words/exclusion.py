"""Exclusions: words that passages should not hold, by an operator that is obeyed or by one that demotes."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import without
from app.answering.ways.words.negation import negated
from app.answering.ways.words.operators import Operator, demoting, is_sentence, obeyed
from app.answering.ways.words.verbatim import CJK, holds
from index.keywords.tokenizer import word_spans, words_of
from index.passages.chunking import Passage
from index.patterns import lazy
from index.search.hits import Hit, held
from index.search.questions.question import MAX_CHARACTERS

_CJK = lazy(CJK)
_NEAR = 0.6  # of a demoted hit's score: hits with less do not come before it


class Exclusions(Way):
    """`-word`, `-"two words"` and `NOT word`: passages that hold the word are left out."""

    kind = "without"
    depth = 200
    notes = ("without_none",)

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The words behind an operator, where the question has other words as well."""
        return (_mention(self.kind, operator) for operator in obeyed(text))

    def searches(self, mention: Mention) -> bool:
        """False, as no passage is to hold the words."""
        return False

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without the operator and its word."""
        return without(text, mention.text)

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The hits that hold none of the words."""
        return [hit for hit in hits if not any(_holds(hit.passage, mention) for mention in mentions)]

    def settles(self, question: str, hits: Sequence[Hit], mention: Mention) -> bool:
        """Whether the question is keywords alone, and the first hit holds them all."""
        return _all_held(question, hits)

    def note(self, hits: Sequence[Hit], mention: Mention) -> str | None:
        """A note that nothing is left."""
        return None if hits else "without_none"

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the passage does not hold the word."""
        return not _holds(passage, mention)


class Demotions(Way):
    """`but not`, `except`, `without` and the like: passages that hold the words come after others that are as near.

    They stay where they are if they negate the words themselves ("without hemp", "is not smoked").
    """

    kind = "less"
    depth = 20
    notes = ("less_only",)

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The words; `but not` and `without` only in a question without a verb."""
        return (_mention(self.kind, operator) for operator in demoting(text))

    def searches(self, mention: Mention) -> bool:
        """False, as passages without the words come first; a reading of its own has them."""
        return False

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without the operator and its words."""
        return without(text, mention.text)

    def readings(self, text: str, mention: Mention) -> Sequence[str]:
        """The question with the words, which finds the passages that negate them."""
        return (f"{text.rstrip(' ?？.。')} {mention.value}"[:MAX_CHARACTERS],)

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The hits with those that hold the words behind the others whose score is at least 0.6 of theirs."""
        unwanted = [any(_unwanted(hit.passage, mention) for mention in mentions) for hit in hits]
        scores = [hit.score for hit, is_unwanted in zip(hits, unwanted, strict=True) if not is_unwanted]
        places: list[tuple[int, bool]] = []
        passed = 0  # wanted hits so far
        for hit, is_unwanted in zip(hits, unwanted, strict=True):
            near = (row + 1 for row, score in enumerate(scores) if score >= _NEAR * hit.score)
            places.append((max(passed, *near, 0), False) if is_unwanted else (passed, True))
            passed += not is_unwanted
        return [hits[row] for row in sorted(range(len(hits)), key=places.__getitem__)]

    def settles(self, question: str, hits: Sequence[Hit], mention: Mention) -> bool:
        """Whether the question is keywords alone, and the first hit holds them all and not the unwanted words."""
        return _all_held(question, hits) and not _unwanted(hits[0].passage, mention)

    def note(self, hits: Sequence[Hit], mention: Mention) -> str | None:
        """A note that even the best hit holds the words."""
        return "less_only" if hits and _unwanted(hits[0].passage, mention) else None

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the passage does not hold the words, or negates them."""
        return not _unwanted(passage, mention)


def _mention(kind: str, operator: Operator) -> Mention:
    return Mention(kind, operator.words, operator.text)


def _holds(passage: Passage, mention: Mention) -> bool:
    """Whether a passage or its title holds the words: one word by its index term, several in their order."""
    if len(word_spans(mention.value)) == 1 and not _CJK.search(mention.value):
        return words_of(mention.value) <= held(passage)
    return holds(passage.text, mention.value) or holds(passage.article.title, mention.value)


def _all_held(question: str, hits: Sequence[Hit]) -> bool:
    return not is_sentence(question) and any(words_of(question) <= held(hit.passage) for hit in hits[:1])


def _unwanted(passage: Passage, mention: Mention) -> bool:
    """Whether a passage holds the words, in any order, and neither negates them nor lists the name with others."""
    terms = words_of(mention.value)
    held_so = _holds(passage, mention) if _CJK.search(mention.value) else terms <= held(passage)
    return held_so and not negated(passage.text, mention.value) and not _is_listed(passage.text, mention.value)


def _is_listed(text: str, name: str) -> bool:
    """Whether a name stands beside another: "Beijing, Shanghai" tells of what there is other than Beijing, too."""
    return (name[0].isupper() or name[0] > "\u3400") and _beside(name).search(text) is not None


@lru_cache(maxsize=256)
def _beside(name: str) -> re.Pattern[str]:
    written = re.escape(name)
    others = (
        rf"\b{written}(?:,| and| or|, and|, or) (?:the )?[A-Z]|[A-Z]\w*(?:,| and| or|, and|, or) (?:the )?{written}\b"
    )
    return re.compile(f"{others}|{written}[、和与及]|[、和与及]{written}")
