"""Bodies of requests: of the JSON interface and of the chat's page."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, FailFast, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from app.answering.answer import MAX_K, K
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.inventory.inventory import MAX_OFFSET
from app.answering.suggestions.suggestion import LONGEST
from index.articles.filters import Filters
from index.search.questions.question import MAX_CHARACTERS, Question

if TYPE_CHECKING:
    from app.web.chat.gradio_import import gr  # slow to import, and programs read such objects, too

TURNS_READ = 10  # the page sends the last questions of its conversation with every question
_SENT = 20_000  # characters of a question that are read as far as to say that it is too long
_UNKNOWN = 20  # fields of an object that are named as unknown, as each takes its time

CollectionFor: TypeAlias = "Callable[[Request | gr.Request], Collection]"
"""The current collection as the sender of a request may see it: the only way to a collection."""

Offset = Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
Ignored = Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=20)]
Names = Annotated[list[str], FailFast()]  # of a million wrong ones, the first is told


class Closed(BaseModel):
    """An object that may hold its own fields alone."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _few(cls, given: Any) -> Any:
        if isinstance(given, dict) and len(given) > len(cls.model_fields) + _UNKNOWN:
            message = "Object has {count} fields, most of which are unknown"
            raise PydanticCustomError("many_fields", message, {"count": len(given)})
        return given


class Turn(Closed):
    """An earlier question and the articles that its answer cited."""

    question: Annotated[str, Field(max_length=MAX_CHARACTERS)]
    articles: Annotated[list[str], Field(max_length=100)] = []


class Page(Closed):
    """The page that a question is asked on: articles of its section are preferred."""

    url: Annotated[str, Field(max_length=2_000)] = ""
    title: Annotated[str, Field(max_length=2_000)] = ""


class Wanted(Closed):
    """The filters of a request, as in `index.articles.filters.Filters`, which checks them."""

    since: str = ""
    until: str = ""
    publishers: Names = []
    languages: Names = []
    folders: Names = []
    articles: Names = []

    def filters(self) -> Filters:
        """The filters. Raises BadFilter."""
        lists = (self.publishers, self.languages, self.folders, self.articles)
        return Filters(self.since, self.until, *map(tuple, lists))


class Asked(Closed):
    """A question with its conversation.

    `ignore` holds the keys of preferences that are not wanted, "history" for a question to be read
    alone, and "spelling" for a question whose words are to be read as they are spelt.
    """

    question: str
    history: Annotated[list[Turn], Field(max_length=50)] = []
    ignore: Ignored = []

    def parsed(self) -> Question:
        """The question after its conversation. Raises BadQuestion."""
        return question_after(self.question, [turn.question for turn in self.history], self.ignore)


class AskRequest(Asked):
    """A question, the maximum number of citations, the page it is asked on, filters, and the offset of a list."""

    k: Annotated[StrictInt, Field(ge=1, le=MAX_K)] = K
    page: Page | None = None
    filters: Wanted = Wanted()
    offset: Annotated[StrictInt, Field(ge=0, le=MAX_OFFSET)] = 0


class WhyRequest(Asked):
    """A question as it was asked, and a passage of its answer."""

    article: Annotated[str, Field(max_length=2_000)]
    start: Offset
    end: Annotated[Offset, Field(ge=1)]


class SuggestRequest(Closed):
    """The words typed so far, and the language whose articles come first, a code such as `zh`."""

    text: Annotated[str, Field(max_length=LONGEST)]
    language: Annotated[str, Field(max_length=35)] = ""


class Sought(Closed):
    """Texts that listed values must hold."""

    publishers: Annotated[str, Field(max_length=LONGEST)] = ""
    folders: Annotated[str, Field(max_length=LONGEST)] = ""


class FacetsRequest(Closed):
    """The filters that are chosen so far, and texts to find more values by."""

    filters: Wanted = Wanted()
    find: Sought = Sought()


class Strict(BaseModel):
    """A part of a call of the chat's page: nothing is converted, unknown fields are dropped."""

    model_config = ConfigDict(strict=True, extra="ignore")


class ChatQuestion(Strict, extra="forbid"):
    """A question of the chat's page with its conversation: `earlier` questions, oldest first, of which blank ones count
    for nothing; `here` tells whether the page's section comes first; `ignore` is as in AskRequest.
    """

    question: Annotated[str, Field(max_length=_SENT)]
    earlier: Annotated[list[Annotated[str, Field(max_length=_SENT)]], Field(max_length=TURNS_READ)] = []
    here: bool = True
    ignore: Ignored = []
    filters: Wanted = Wanted()

    @property
    def before(self) -> list[str]:
        """The earlier questions that were read: without blank ones and those that are too long."""
        return [text for text in self.earlier if text.strip() and len(text) <= MAX_CHARACTERS]
