"""Exclusions: words that passages should not hold, by an operator that is obeyed or by one that demotes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import without
from app.answering.ways.words.negation import negated
from app.answering.ways.words.verbatim import CJK, QUOTED, holds
from index.keywords.tokenizer import STOP_WORDS, tokenise, word_spans
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.highlight import words_of
from index.search.hits import Hit, held
from index.search.questions.question import MAX_CHARACTERS

_NEAR = 0.6  # of a demoted hit's score: hits with less do not come before it
_WORD = rf"(?:[^\W\d_](?:[\w'’]+|(?=-\w))|{CJK})(?:-\w+)*"
_CJK = re.compile(CJK)
_WORDS = rf"(?P<words>{QUOTED.pattern}|{_WORD}(?: {_WORD}){{0,2}})"
_LINK = r"(?:(?:a|an|the|any|its|their|in|on|at|of|from|for|by|with|about|using|mentioning|containing) ){0,2}"
_MINUS = re.compile(rf"(?:^|(?<=\s))-(?P<words>{QUOTED.pattern}|{_WORD}(?![\w-]))")
_CAPITALS = re.compile(rf"(?<=\S )(?:(?:AND|BUT) )?NOT (?:(?:a|an|the) )?(?P<words>{QUOTED.pattern}|{_WORD})")
# "without reducing the speed" tells how something is done.
_DOING = r"(?!\w+ing (?:the|an?|any|its|their|his|her|your|our)\b)"
_LACKING = re.compile(
    rf"\b(?:[Bb]ut not|without) {_DOING}{_LINK}{_WORDS}"
)  # with a capital it is a name's: Doctors Without …
_EXCEPTING = re.compile(rf"\b(?:except(?: for)?|excluding) {_LINK}{_WORDS}", re.IGNORECASE)
_GAP = re.compile(r",? ?")
_OR = re.compile(rf"n?or {_WORDS}")
_ZH_LACKING = re.compile(r"[但而]?(?:不包括|不包含|不含) ?(?P<words>[^\s，。？！；、,?!的]{1,12})")
_ZH_APART = r"(?<![剔扣排删去清解消废免开铲])除"  # rather than the end of a verb: 剔除, 消除
_ZH_EXCEPTING = [
    re.compile(rf"{_ZH_APART}了(?P<words>[^\s，。？！；,?!]{{1,20}}?)(?:[以之]?外|(?=[，,]))"),
    re.compile(rf"{_ZH_APART}(?P<words>[^\s，。？！；,?!了]{{1,20}}?)(?:[以之]外|外(?=[，,]))"),
]

# A question with a verb states something with these words, rather than to exclude them.
_SENTENCE = re.compile(
    r"\b(?:what|which|who|whom|whose|where|when|why|how|is|are|was|were|be|do|does|did|has|have|had|can|could|will"
    r"|would|shall|should|may|might|must|cannot|you|we|they|he|she|it|I)\b|n['’]t\b"
    r"|[吗呢谁哪几]|什么|多少|怎|如何|为何|是否|有没有"
)
_NAMED_BEFORE = re.compile(r"\b(?:suffix|prefix|ending|ends? (?:in|with)|option|flag|switch|command)(?: in)? $", re.I)
_NAMED_AFTER = re.compile(r" (?:option|flag|switch|parameter|argument|suffix|ending)\b", re.I)
_DASH = re.compile(r"\w-(?!\w)")
_NO_SUBJECT = frozenset("one ones those only just all everything everyone limited necessarily always".split())


class Exclusions(Way):
    """`-word`, `-"two words"` and `NOT word`: passages that hold the word are left out."""

    kind = "without"
    depth = 200
    notes = ("without_none",)
    searched = False

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The words behind an operator, where the question has other words as well."""
        forms = [_MINUS]
        if any(letter.isalpha() and not letter.isupper() for letter in text) and not _is_sentence(text):
            forms.append(_CAPITALS)
        found = (match for form in forms for match in form.finditer(text) if not _is_named(text, match))
        return _mentions(self.kind, text, map(_Operator.of, found))

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
    searched = False

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The words; `but not` and `without` only in a question without a verb."""
        forms = [_EXCEPTING, *_ZH_EXCEPTING]
        if not _is_sentence(text):
            forms += [_LACKING, _ZH_LACKING]
        found = (_Operator.of(match) for form in forms for match in form.finditer(text))
        return _mentions(self.kind, text, (other for each in found for other in _with_alternatives(text, each)))

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


@dataclass(frozen=True, slots=True)
class _Operator:
    """An operator with its words as they stand in a question, and the words that it excludes."""

    start: int
    text: str
    words: str

    @classmethod
    def of(cls, match: re.Match[str]) -> "_Operator":
        """The operator of a match; its words end before the first stop word."""
        words, string = match["words"], match.string
        if QUOTED.fullmatch(words):
            return cls(match.start(), match[0], words[1:-1].strip())
        stop = next((word for word in re.finditer(r"\S+", words) if word[0].casefold() in STOP_WORDS), None)
        if stop is None:
            return cls(match.start(), match[0], words)
        words = words[: stop.start()].rstrip()
        return cls(match.start(), string[match.start() : match.start("words") + len(words)], words)


def _mentions(kind: str, text: str, found: Iterable[_Operator]) -> Iterator[Mention]:
    """Mentions of operators outside of quotation marks; none if the text has no other index terms."""
    quotes = [match.span() for match in QUOTED.finditer(text)]
    operators = [each for each in found if _has_subject(each.words) and not _is_inside(each.start, quotes)]
    rest = text
    for operator in operators:
        rest = rest.replace(operator.text, " ")
    if tokenise(rest):
        yield from (Mention(kind, operator.words, operator.text) for operator in operators)


def _with_alternatives(text: str, operator: _Operator) -> Iterator[_Operator]:
    """The operator, and those that an `or` adds: without oil or gas."""
    yield operator
    gap = _GAP.match(text, operator.start + len(operator.text))
    if gap and (other := _OR.match(text, gap.end())):
        yield from _with_alternatives(text, _Operator.of(other))


def _is_sentence(text: str) -> bool:
    """Whether a question has a verb; in capitals such a word is a name: May, WHO, IT."""
    return _SENTENCE.search(text[:1].lower() + text[1:] if text[:2] != "I " else text) is not None


def _is_inside(place: int, spans: Iterable[Span]) -> bool:
    return any(start < place < end for start, end in spans)


def _has_subject(words: str) -> bool:
    first = next(iter(words.casefold().split()), "")
    return bool(tokenise(words)) and first not in _NO_SUBJECT


def _is_named(text: str, match: re.Match[str]) -> bool:
    """Whether the hyphen belongs to a name, such as that of an option or a suffix, or is the first of two dashes."""
    before, after = _NAMED_BEFORE.search(text, 0, match.start()), _NAMED_AFTER.match(text, match.end())
    return bool(before or after or _DASH.search(text, match.end()))


def _holds(passage: Passage, mention: Mention) -> bool:
    """Whether a passage or its title holds the words: one word by its index term, several in their order."""
    if len(word_spans(mention.value)) == 1 and not _CJK.search(mention.value):
        return words_of(mention.value) <= held(passage)
    return holds(passage.text, mention.value) or holds(passage.article.title, mention.value)


def _all_held(question: str, hits: Sequence[Hit]) -> bool:
    return not _is_sentence(question) and any(words_of(question) <= held(hit.passage) for hit in hits[:1])


def _unwanted(passage: Passage, mention: Mention) -> bool:
    """Whether a passage holds the words, in any order, and does not negate them."""
    terms = words_of(mention.value)
    held_so = _holds(passage, mention) if _CJK.search(mention.value) else terms <= held(passage)
    return held_so and not negated(passage.text, mention.value)
