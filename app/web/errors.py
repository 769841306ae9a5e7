"""Errors as pages for people, and as JSON for programs."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.settings import Settings
from app.trials.folder import TrialGone
from app.web.api.problem import WrongField, problem
from app.web.gate import Full
from app.web.pages import Site, site_of
from index.errors import BadModel, BadQuestion, NoPassage, UserError

_log = logging.getLogger(__name__)
_HTML = re.compile(r"(?:^|,)\s*text/html\s*(?:[;,]|$)")
_FOR_PROGRAMS = ("/api/", "/gradio_api/")
_TOLD = 50  # wrong fields of a request


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason and status of an error as a program gets them, and the name of the text for people."""

    error: str
    status: int
    text: str
    headers: Mapping[str, str] | None = None
    wrong: Sequence[WrongField] = ()


def failure_of(error: Exception) -> Failure:
    """The failure to tell; of a bug, whose traceback is in the log, nothing reaches the asker."""
    if isinstance(error, HTTPException):
        named = {404: "problem.nowhere", 405: "problem.method"}.get(error.status_code, "problem.unread")
        text = "problem.busy" if isinstance(error, Full) else named
        return Failure(error.detail, error.status_code, text, error.headers)
    if isinstance(error, RequestValidationError | ValidationError):
        within = 0 if isinstance(error, ValidationError) else 1  # FastAPI says first what the field is a part of
        wrong = [
            WrongField(field=_field(item["type"], item["loc"][within:]), message=item["msg"])
            for item in error.errors()[:_TOLD]
        ]
        return Failure("; ".join(f"{each.field}: {each.message}" for each in wrong), 422, "problem.unread", wrong=wrong)
    if isinstance(error, UserError):
        return _told(error)
    return Failure("this failed on the server; see its log", 500, "problem.bug")


def _field(fault: str, place: tuple[int | str, ...]) -> str:
    """The path of a wrong field; of a body that is no JSON, the place says only where it breaks off."""
    return "body" if fault == "json_invalid" or not place else ".".join(map(str, place))


def _told(error: UserError) -> Failure:
    """The message itself if the asker can mend the problem; otherwise it is for the owner, in the log."""
    if isinstance(error, BadQuestion | NoPassage):
        return Failure(str(error), 422 if isinstance(error, BadQuestion) else 404, "problem.unread")
    if isinstance(error, TrialGone):
        return Failure(str(error), 410, "problem.nowhere")
    _log.error("%s", error)
    failed = "reranker cannot be used" if isinstance(error, BadModel) else "index cannot be read"
    return Failure(f"the {failed}; see the server's log", 503, "problem.index", {"Retry-After": "10"})


def problem_page(site: Site, title: str, text: str) -> str:
    """The page that says what is wrong, by the names of its two texts, and leads on."""
    return site.page("missing.html", title=site.language.say(title), text=site.language.say(text))


def error_handlers(settings: Settings) -> dict[Any, Any]:
    """The handler of each kind of error: a page for a person, JSON with the `error` for a program."""

    def answered(request: Request, failure: Failure) -> Response:
        if not _reads_html(request):
            return JSONResponse({"error": failure.error}, failure.status, failure.headers)
        title = "problem.nowhere_title" if failure.status == 404 else "problem.failed_title"
        page = problem_page(site_of(settings, request), title, failure.text)
        return HTMLResponse(page, failure.status, failure.headers)

    return _handlers(answered)


def problem_handlers() -> dict[Any, Any]:
    """The handlers that answer with problem documents."""
    return _handlers(lambda _, failure: problem_of(failure))


def problem_of(failure: Failure) -> Response:
    """The failure as a problem document."""
    return problem(failure.error, failure.status, failure.headers, failure.wrong)


def _handlers(answered: Callable[[Request, Failure], Response]) -> dict[Any, Any]:
    async def handler(request: Request, error: Exception) -> Response:  # a coroutine: all threads may be taken
        return answered(request, failure_of(error))

    return dict.fromkeys((RequestValidationError, HTTPException, UserError, Exception), handler)


def _reads_html(request: Request) -> bool:
    """Whether a browser opens a page: programs, and parts of pages, say nothing of HTML."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return not path.startswith(_FOR_PROGRAMS) and _HTML.search(request.headers.get("accept", "")) is not None
