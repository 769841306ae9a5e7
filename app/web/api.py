"""The JSON interface: what a request may hold, and the answer object it gives."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from app.answering.answer import MAX_K, K, as_asked, compose, read_after
from app.serving.live import Collection
from app.settings import Settings
from index.articles.filters import Filters
from index.errors import NoPassage
from index.search.question import MAX_CHARACTERS, checked

_MAX_TURNS = 50
_MAX_PLACE = 2**31 - 1  # of a character in an article


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


def ask(collection: Collection, request: AskRequest, settings: Settings) -> dict[str, Any]:
    """The answer object for a request, its links below the public path. Raises BadQuestion or BadFilter."""
    earlier = [turn.question for turn in request.history]
    section = collection.sections.of_page(request.page.url, request.page.title) if request.page else None
    answer = compose(
        collection.searcher,
        request.question,
        request.k,
        earlier,
        section=section,
        freshness=collection.freshness,
        base=settings.path,
        examples=settings.examples,
        filters=request.filters.filters(),
        ignore=request.ignore,
        rule=collection.rule,
    )
    return answer.to_json()


class WhyRequest(BaseModel):
    """A question as it was asked, and one of the passages that were found."""

    model_config = ConfigDict(extra="forbid")

    question: str
    article: Annotated[str, Field(max_length=2_000)]
    start: Annotated[StrictInt, Field(ge=0, le=_MAX_PLACE)]
    end: Annotated[StrictInt, Field(ge=1, le=_MAX_PLACE)]
    history: Annotated[list[Turn], Field(max_length=_MAX_TURNS)] = []
    ignore: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=20)] = []


def why(collection: Collection, request: WhyRequest) -> dict[str, Any]:
    """Why the passage was found: matched words, best sentence, shares of the cosine.

    Raises BadQuestion, and NoPassage where there is none or its file no longer says so.
    """
    question = checked(request.question)
    context = read_after(question, [turn.question for turn in request.history], request.ignore)
    article = collection.searcher.articles.by_id(request.article)
    if article and collection.freshness.state(article) in ("gone", "changed"):
        raise NoPassage(f"the file of {request.article!r} is gone or has changed. Ask again")
    searcher = as_asked(collection.searcher, request.ignore)
    found = searcher.explain(question, request.article, request.start, request.end, context=context)
    return found.to_json()
