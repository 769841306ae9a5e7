"""The page `/try`, where visitors upload files of their own, and the requests of its script."""

import asyncio
import errno
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.answering.language import of_reader
from app.trials.folder import MOST_BYTES, MOST_FILES, Refused, Trial, TrialGone
from app.trials.indexing import begin
from app.trials.trials import Trials
from app.web.gate import Gate
from app.web.pages import Site
from index.reading.formats.adapters import SUFFIXES

UPLOADED = "/try/files"  # the only path whose body may be large
STATUS = {"busy": 409, "files": 413, "bytes": 413, "empty": 422, "full": 503, "space": 507}

SiteOf = Callable[[Request], Site]


def _own_script(request: Request, x_try: Annotated[str, Header(max_length=100)]) -> str:
    """The token that a request of our own page carries in a header, which no other page can send."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403, "only the page of this server may upload files")
    return x_try


Token = Annotated[str, Depends(_own_script)]


def add_trials(app: FastAPI, trials: Trials, site: SiteOf, gate: Gate) -> None:
    """Add the page and its requests; `trials` are swept from now on."""
    trials.sweep_for_ever()
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(TrialGone, partial(_gone, site))

    @app.api_route("/try", methods=["GET", "HEAD"])
    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(try_page(site(request)))

    _add_uploads(app, trials)

    @app.post("/try/begin")
    async def index(token: Token) -> dict[str, object]:
        turn = partial(gate.turn, asyncio.get_running_loop())

        def started() -> dict[str, object]:
            trial = trials.folder.find(token)
            if not trial.names:
                raise Refused("empty")
            searcher = trials.whole().searcher
            begin(trial, searcher.encoder, searcher.manifest.identity, turn)
            return _status(trials.folder.find(token))

        return await run_in_threadpool(started)

    @app.post("/try/state")
    def state(token: Token) -> dict[str, object]:
        return _status(trials.folder.find(token))

    @app.post("/try/delete")
    def delete(token: Token) -> dict[str, object]:
        trials.delete(token)
        return {}


def _add_uploads(app: FastAPI, trials: Trials) -> None:
    """Add the requests that make a trial and send its files."""

    @app.post("/try/new")
    def create(_: Token) -> dict[str, object]:
        token, trial = trials.folder.create()
        return {"token": token, "until": shown(trial.until)}

    @app.post(UPLOADED)
    async def upload(token: Token, request: Request, name: str = "") -> dict[str, object]:
        trial = await run_in_threadpool(trials.folder.find, token)
        await _stored(trial, request, name[:1_000])
        return {"files": len(trial.names)}


def try_page(site: Site) -> str:
    """The page on which files are uploaded."""
    kinds = ", ".join(suffix.removeprefix(".") for suffix in SUFFIXES)
    texts = site.language.group("try")
    return site.page("try.html", kinds=kinds, files=MOST_FILES, megabytes=MOST_BYTES // 1_000_000, texts=texts)


def shown(until: float) -> str:
    """A time as scripts read it, in UTC."""
    return datetime.fromtimestamp(until, UTC).isoformat(timespec="minutes")


def _status(trial: Trial) -> dict[str, object]:
    return {**trial.status(), "until": shown(trial.until)}


async def _stored(trial: Trial, request: Request, name: str) -> None:
    """Write the body of a request to a file of the trial, as it comes. Raises Refused or TrialGone."""
    room = MOST_BYTES - trial.bytes()
    try:
        with trial.added(name) as file:
            async for chunk in request.stream():
                room -= len(chunk)
                if room < 0:
                    raise Refused("bytes")
                await run_in_threadpool(file.write, chunk)
    except ClientDisconnect:
        raise HTTPException(499, "the sender has gone") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused("space") from error
        raise


# Handlers are coroutines: functions would wait for a thread.
async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - it is registered for this class
    values: Mapping[str, Any] = {"files": MOST_FILES, "megabytes": MOST_BYTES // 1_000_000}
    text = of_reader(request.query_params, request.headers).say(f"try.no_{error.kind}", **values)
    return JSONResponse({"error": text}, status_code=STATUS[error.kind])


async def _gone(site: SiteOf, request: Request, error: Exception) -> Response:
    """A page for whoever opens an address of a trial that is over, a sentence for a script."""
    del error
    there = site(request)
    here = replace(there, language=replace(there.language, trial=""))
    if request.method == "POST" or request.url.path.startswith("/api/"):
        return JSONResponse({"error": here.language.say("try.gone")}, status_code=410)
    return HTMLResponse(here.page("trial_gone.html"), status_code=410)
