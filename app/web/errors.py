"""Errors as pages for people and as JSON for programs."""

import logging
import re
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.settings import Settings
from app.web.gate import Full
from app.web.pages import Site, site_of
from index.errors import BadModel, BadQuestion, NoPassage, UserError

_log = logging.getLogger(__name__)
_HTML = re.compile(r"(?:^|,)\s*text/html\s*(?:[;,]|$)")
_FOR_PROGRAMS = ("/api/", "/gradio_api/")


def problem_page(site: Site, title: str, text: str) -> str:
    """The page that says what is wrong, by the names of its two texts, and leads on."""
    return site.page("missing.html", title=site.language.say(title), text=site.language.say(text))


def error_handlers(settings: Settings) -> dict[Any, Any]:
    """The handler of each kind of error. Handlers are coroutines: all threads may be taken."""

    def answered(request: Request, error: str, status: int, text: str, headers: Any = None) -> Response:
        """The page with this text for a person, JSON with the `error` for a program."""
        if not _reads_html(request):
            return JSONResponse({"error": error}, status_code=status, headers=headers)
        title = "problem.nowhere_title" if status == 404 else "problem.failed_title"
        page = problem_page(site_of(settings, request), title, text)
        return HTMLResponse(page, status_code=status, headers=headers)

    async def http_error(request: Request, error: HTTPException) -> Response:
        named = {404: "problem.nowhere", 405: "problem.method"}.get(error.status_code, "problem.unread")
        text = "problem.busy" if isinstance(error, Full) else named
        return answered(request, error.detail, error.status_code, text, error.headers)

    async def bad_request(request: Request, error: RequestValidationError) -> Response:
        """One sentence on a malformed request: each wrong field, and what is wrong with it."""
        problems = [
            f"{'.'.join(str(part) for part in item['loc'][1:]) or 'body'}: {item['msg']}" for item in error.errors()
        ]
        return answered(request, "; ".join(problems), 422, "problem.unread")

    async def user_error(request: Request, error: UserError) -> Response:
        """The message itself if the asker can mend the problem; otherwise it is for the owner, in the log."""
        if isinstance(error, BadQuestion | NoPassage):
            return answered(request, str(error), 422 if isinstance(error, BadQuestion) else 404, "problem.unread")
        _log.error("%s", error)
        failed = "reranker cannot be used" if isinstance(error, BadModel) else "index cannot be read"
        return answered(request, f"the {failed}; see the server's log", 503, "problem.index")

    async def bug(request: Request, _: Exception) -> Response:
        """A bug: its traceback is in the log, nothing of it reaches the asker."""
        return answered(request, "this failed on the server; see its log", 500, "problem.bug")

    return {RequestValidationError: bad_request, HTTPException: http_error, UserError: user_error, Exception: bug}


def _reads_html(request: Request) -> bool:
    """Whether a browser opens a page: programs, and parts of pages, say nothing of HTML."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return not path.startswith(_FOR_PROGRAMS) and _HTML.search(request.headers.get("accept", "")) is not None
