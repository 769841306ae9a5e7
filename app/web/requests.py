"""What requests may hold: of the JSON interface, and of the chat's page."""

from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from app.answering.answer import MAX_K, K
from index.articles.filters import Filters
from index.search.questions.question import MAX_CHARACTERS

TURNS_KEPT = 10  # the page sends its conversation with every question and draws it anew with every answer
_MAX_TURNS = 50
_MAX_PLACE = 2**31 - 1  # of a character in an article


class Request(Protocol):
    """What asks for something, once `app.web.middleware.proxy.Grouped` has noted the groups of whoever sent it."""

    @property
    def state(self) -> Any:
        """What is known of it: `groups` among others."""


class Turn(BaseModel):
    """An earlier question and the articles that its answer cited."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(max_length=MAX_CHARACTERS)]
    articles: Annotated[list[str], Field(max_length=100)] = []


class Page(BaseModel):
    """The page that a question is asked on: articles of its section are preferred."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(max_length=2_000)] = ""
    title: Annotated[str, Field(max_length=2_000)] = ""


class Wanted(BaseModel):
    """What of the collection is searched; each is as in `index.articles.filters.Filters`, which checks it."""

    model_config = ConfigDict(extra="forbid")

    since: str = ""
    until: str = ""
    publishers: list[str] = []
    languages: list[str] = []
    folders: list[str] = []

    def filters(self) -> Filters:
        """The filters asked for. Raises BadFilter."""
        return Filters(self.since, self.until, tuple(self.publishers), tuple(self.languages), tuple(self.folders))


class AskRequest(BaseModel):
    """A question, how many citations at most, the conversation so far, the page, and filters.

    `ignore` holds the keys of preferences that are not wanted, "history" for a question to be read
    alone, and "spelling" for one whose words are to be read as they are spelt.
    """

    model_config = ConfigDict(extra="forbid")

    question: str
    k: Annotated[StrictInt, Field(ge=1, le=MAX_K)] = K
    history: Annotated[list[Turn], Field(max_length=_MAX_TURNS)] = []
    page: Page | None = None
    filters: Wanted = Wanted()
    ignore: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=20)] = []


class WhyRequest(BaseModel):
    """A question as it was asked, and one of the passages that were found."""

    model_config = ConfigDict(extra="forbid")

    question: str
    article: Annotated[str, Field(max_length=2_000)]
    start: Annotated[StrictInt, Field(ge=0, le=_MAX_PLACE)]
    end: Annotated[StrictInt, Field(ge=1, le=_MAX_PLACE)]
    history: Annotated[list[Turn], Field(max_length=_MAX_TURNS)] = []
    ignore: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=20)] = []


class Strict(BaseModel):
    """A part of a call of the chat's page: nothing is converted, and what is unknown is dropped."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Again(Strict):
    """A question of the conversation that is to be asked again, and what to leave out this time.

    `turn` counts the conversation's questions from 0; `ignore` is that of AskRequest.
    """

    model_config = ConfigDict(extra="forbid")

    turn: Annotated[int, Field(ge=0, le=1_000)]
    ignore: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=20)]


class Conversation(Strict):
    """The questions of the chat's page so far, oldest first, as they were asked."""

    model_config = ConfigDict(extra="forbid")

    questions: Annotated[list[Annotated[str, Field(max_length=MAX_CHARACTERS)]], Field(max_length=TURNS_KEPT)] = []

    def before(self, turn: int) -> list[str]:
        """The questions before a turn that say anything."""
        return [question for question in self.questions[:turn] if question.strip()]
