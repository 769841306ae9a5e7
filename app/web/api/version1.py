"""Version 1 of the HTTP interface: an application of its own below `/api/v1`, with its description."""

import threading
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from fastapi.utils import deep_dict_update
from pydantic.json_schema import models_json_schema

from app.settings import Settings
from app.web.api.articles import add_api_articles
from app.web.api.batch import DESCRIBED, batch_route
from app.web.api.models import FiltersUsed
from app.web.api.page import interface_page
from app.web.api.problem import BELOW, PROBLEM, Problem
from app.web.api.receipts import add_receipts
from app.web.api.routes import JsonRoute
from app.web.api.search import SearchRequest, add_search
from app.web.errors import problem_handlers
from app.web.feedback import LogFor
from app.web.gate import Gate
from app.web.interface import add_interface, answering
from app.web.pages import site_of
from app.web.requests import AskRequest, CollectionFor, FacetsRequest, SuggestRequest, WhyRequest

_ABOUT = "Passages that answer questions, quoted word for word. docs/api.md gives the meaning of each field."
_REF = "#/components/schemas/{model}"
_SENT = (AskRequest, WhyRequest, FacetsRequest, SuggestRequest, SearchRequest)
_PROBLEMS: dict[str, Any] = {
    "description": "A problem, as RFC 9457 has it",
    "content": {PROBLEM: {"schema": {"$ref": _REF.format(model=Problem.__name__)}}},
}


def version1(collection_for: CollectionFor, settings: Settings, gate: Gate, log_for: LogFor) -> FastAPI:
    """The application, to be mounted at `/api/v1`. Raises BadKey for a key of receipts that cannot be read."""
    v1 = _Described(
        title=settings.title,
        version="1",
        description=_ABOUT,
        servers=[{"url": settings.path + BELOW}],
        root_path_in_servers=False,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=problem_handlers(),
        generate_unique_id_function=_name,
        responses={"default": _PROBLEMS},
    )
    v1.router.route_class = JsonRoute
    v1.router.routes.insert(0, batch_route("/ask", collection_for, answering(settings, log_for), gate))
    add_interface(v1, collection_for, settings, gate, log_for, below="")
    add_search(v1, collection_for, settings.path, gate)
    add_api_articles(v1, collection_for, settings.path, gate)
    if settings.receipt_key:
        add_receipts(v1, collection_for, Path(settings.receipt_key), gate)

    @v1.api_route("/docs", methods=["GET", "HEAD"], include_in_schema=False)
    def documentation(request: Request) -> HTMLResponse:
        return HTMLResponse(interface_page(v1.openapi(), site_of(settings, request)))

    return v1


class _Described(FastAPI):
    _making = threading.Lock()

    def openapi(self) -> dict[str, Any]:
        """The description, made when it is first asked for: it takes longer than all else here."""
        with self._making:
            if self.openapi_schema is None:
                _completed(super().openapi())
            return super().openapi()  # FastAPI keeps it


def _name(route: APIRoute) -> str:
    return route.name


def _completed(schema: dict[str, Any]) -> None:
    """Add to a description what FastAPI cannot know.

    Problem documents; lines for many questions; and that an answer has all its fields, even those that have a default
    in the record which they are made of.
    """
    models = schema["components"]["schemas"]
    _, sent = models_json_schema([(model, "validation") for model in _SENT])
    for name in models.keys() - sent["$defs"].keys() - {FiltersUsed.__name__}:
        models[name]["required"] = list(models[name]["properties"])
    _, problems = models_json_schema([(Problem, "serialization")], ref_template=_REF)
    models.update(problems["$defs"])
    deep_dict_update(schema["paths"]["/ask"]["post"], DESCRIBED)
