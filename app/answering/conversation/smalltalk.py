"""Greetings, thanks and questions about the chat itself: a short fixed help instead of a search."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from app.answering.language import Language, languages, languages_of
from index.articles.catalogue import Catalogue

TOPICS = ("help", "thanks", "bye", "greeting")
EXAMPLES = 4  # example questions that are offered
_LONGEST = 80  # characters of a text that can be small talk


@dataclass(frozen=True, slots=True)
class Help:
    """Reply to small talk, in its own language; `topic` is its subject."""

    topic: str
    text: str
    examples: tuple[str, ...]


def is_small_talk(text: str) -> bool:
    """Whether all of the text is a greeting, thanks, or a question about the chat itself."""
    return _recognised(text) is not None


def help_for(question: str, articles: Catalogue, examples: Sequence[str] = ()) -> Help | None:
    """The help for a question that is small talk, None for any other.

    `examples` are the owner's example questions; without any they are made of titles.
    """
    found = _recognised(question)
    if found is None:
        return None
    language, topic = found
    return Help(
        topic=topic,
        text=language.say(f"help.{topic}"),
        examples=tuple(examples[:EXAMPLES]) or made_of_titles(articles, language),
    )


def made_of_titles(articles: Catalogue, language: Language) -> tuple[str, ...]:
    """Example questions about the first articles."""
    return tuple(language.say("chat.example", title=entry.title) for entry in islice(articles.entries(), EXAMPLES))


def patterns() -> list[str]:
    """The expressions that small talk matches whole, folded to letters, digits and single spaces."""
    return [_pattern(code, topic).pattern for code in languages() for topic in TOPICS]


def _recognised(text: str) -> tuple[Language, str] | None:
    """The language that the text is small talk in, and its topic."""
    if len(text) > _LONGEST:
        return None
    words = _plain(text)
    for language in languages_of(text):
        for topic in TOPICS:
            if _pattern(language.code, topic).fullmatch(words):
                return language, topic
    return None


def _plain(text: str) -> str:
    """The letters and digits of a text in lower case, with single spaces for all else."""
    folded = (
        unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    )
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


@cache
def _pattern(code: str, topic: str) -> re.Pattern[str]:
    """Pattern of the phrases of a topic with polite words around them; Chinese has no spaces between."""
    texts = languages()[code].texts
    before, said, after = (texts[f"smalltalk.{name}"] for name in ("before", topic, "after"))
    return re.compile(rf"(?:(?:{before}) ?){{0,3}}(?:{said})(?: ?(?:{after})){{0,2}}")
