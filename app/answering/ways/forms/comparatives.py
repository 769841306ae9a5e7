"""Comparatives: the question about one side alone of a pair, "How tall is A?" for "Which is taller, A or B?"."""

import re

from index.keywords.tokenizer import words_of
from index.passages.chunking import Passage
from index.patterns import lazy

_ADJECTIVES = {
    **{
        word: word.removesuffix("er")
        for word in (
            "taller longer older younger higher lower deeper shorter faster slower warmer colder newer stronger".split()
        )
    },
    **{word: word[:-1] for word in "larger wider later".split()},
    "bigger": "big",
    "hotter": "hot",
    "heavier": "heavy",
}
_MEASURES = words_of(" ".join([*_ADJECTIVES, *_ADJECTIVES.values(), "cost compare difference"]))
_PRICED = r"cheaper|dearer|pricier|more expensive|less expensive|more costly|cost more|costs more|cost less|costs less"
_PRICE = lazy(rf"\b(?:{_PRICED})\b", re.IGNORECASE)
_COMPARATIVE = lazy(rf"\b({'|'.join(_ADJECTIVES)})\b", re.IGNORECASE)
_MORE = lazy(r"\b(?:more|fewer|less) (?=[a-z])", re.IGNORECASE)
_IS = lazy(
    r"(?:(?:which|what|who|whose)\b(?: [\w'-]+){0,5}? )?(?:is|are|was|were) (?P<before>(?:.* )?)$", re.IGNORECASE
)
_ASKS = lazy(
    r"^(?:(?:which|what|who|whose) (?:of (?:the )?\w+ )?)?(?:(?:is|are|was|were|does|do|did|has|have|had|will) )?",
    re.IGNORECASE,
)


def holds_asked(question: str, label: str, passage: Passage) -> bool:
    """Whether a passage holds half of what the question about one side asks, beside the side and its measure."""
    asked = words_of(question) - words_of(label) - _MEASURES
    return 2 * len(asked & words_of(f"{passage.article.title}\n{passage.text}")) >= len(asked)


def asked_alone(question: str) -> str:
    """The question about one side with "how tall", "how many" or "how much does … cost" in place of a comparative."""
    rest = question.rstrip("?.! ")
    if match := _PRICE.search(rest):
        before, after = _ASKS.sub("", rest[: match.start()]).strip(" ,"), rest[match.end() :].strip(" ,")
        return f"How much does {f'{before} {after}'.strip()} cost?"
    if (match := _COMPARATIVE.search(rest)) and (asks := _IS.match(rest[: match.start()])):
        thing = f"{asks['before'].strip()} {rest[match.end() :].strip(' ,')}".strip()
        return f"How {_ADJECTIVES[match[1].lower()]} is {thing}?"
    if match := _MORE.search(rest):
        before = _ASKS.sub("", rest[: match.start()]).strip(" ,")
        return f"How many {rest[match.end() :]} {before}".strip() + "?"
    return question
