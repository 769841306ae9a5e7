"""The JSON interface: what a request may hold, and the answer object it gives."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.answer import MAX_K, K, compose
from index.errors import BadQuestion
from index.question import MAX_CHARACTERS
from index.search import Searcher

_MAX_TURNS = 50


class Turn(BaseModel):
    """An earlier question and the articles that its answer cited."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(max_length=MAX_CHARACTERS)]
    articles: Annotated[list[str], Field(max_length=100)] = []


class AskRequest(BaseModel):
    """A question, how many citations at most, the conversation so far, and filters."""

    model_config = ConfigDict(extra="forbid")

    question: str
    k: Annotated[int, Field(ge=1, le=MAX_K)] = K
    history: Annotated[list[Turn], Field(max_length=_MAX_TURNS)] = []
    filters: dict[str, Any] = {}


def ask(searcher: Searcher, request: AskRequest) -> dict[str, Any]:
    """The answer object for a request. Raises BadQuestion."""
    if request.filters:
        names = ", ".join(ascii(name) for name in sorted(request.filters))
        raise BadQuestion(f"unknown filters: {names}. Leave them out; none are offered")
    earlier = [turn.question for turn in request.history]
    return compose(searcher, request.question, request.k, earlier).to_json()
