"""Errors below `/api/v1` as problem documents (RFC 9457), elsewhere as `{"error": …}`."""

from collections.abc import Mapping, Sequence
from http.client import responses
from typing import Literal

from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

BELOW = "/api/v1"
PROBLEM = "application/problem+json"


class WrongField(BaseModel):
    """A field of a request that is missing, unknown or wrong: its path, such as `filters.since`, and the reason."""

    field: str
    message: str


class Problem(BaseModel):
    """An error: `title` names the `status`, `detail` is the reason; of a wrong request `errors` names fields."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    errors: Sequence[WrongField] = ()


def problem(
    error: str, status: int, headers: Mapping[str, str] | None = None, wrong: Sequence[WrongField] = ()
) -> Response:
    """The response that is a problem document."""
    title = responses.get(status, "Request Ended")  # 499 is no standard one
    body = Problem(title=title, status=status, detail=error, errors=wrong).model_dump(mode="json")
    return JSONResponse(body, status, headers, media_type=PROBLEM)


def refusal(
    scope: Scope,
    error: str,
    status: int,
    headers: Mapping[str, str] | None = None,
    wrong: Sequence[WrongField] = (),
) -> Response:
    """The error as programs read it at the address of a request, before any route has taken it."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if path == BELOW or path.startswith(f"{BELOW}/"):
        return problem(error, status, headers, wrong)
    return JSONResponse({"error": error}, status, headers)
