"""The start of the chat's page: what the collection is, and questions to begin with."""

from dataclasses import dataclass
from typing import Any

from app.answering.collection import Collection
from app.answering.conversation.smalltalk import EXAMPLES, made_of_titles
from app.answering.language import Language
from app.settings import Settings

_TOPICS, _LANGUAGES = 8, 5


@dataclass(frozen=True, slots=True)
class Start:
    """A greeting, facts about the articles that a person may see, their folders with counts, and questions."""

    greeting: str
    facts: tuple[str, ...]
    topics: tuple[dict[str, Any], ...]
    examples: tuple[str, ...]

    @classmethod
    def of(cls, collection: Collection, language: Language, settings: Settings) -> "Start":
        """The start of a chat over a collection. Questions are the owner's, else made of titles."""
        articles, facets = collection.searcher.articles, collection.searcher.facets
        count, say = len(articles), language.say
        greeting = {0: "start.greeting_none", 1: "start.greeting_one"}.get(count, "start.greeting")
        found = facets.to_json()
        codes = [str(value["name"]) for value in found["languages"]]
        facts = [
            say("start.newest", date=language.day(found["last"])) if found["last"] else "",
            ", ".join(language.name_of(code) for code in codes[:_LANGUAGES]) if len(codes) > 1 else "",
        ]
        return cls(
            say(greeting, count=language.number(count)),
            tuple(fact for fact in facts if fact),
            tuple(value for value in found["folders"] if "/" not in str(value["name"]))[:_TOPICS],
            (settings.examples or settings.questions)[:EXAMPLES] or made_of_titles(articles, language),
        )
