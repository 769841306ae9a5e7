"""Routes of version 1: those that take JSON and nothing else, and those that can be read."""

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException

JSON = "application/json"
Handler = TypeVar("Handler", bound=Callable[..., Any])


class JsonRoute(APIRoute):
    """A route that refuses a body of another media type with 415."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of its requests."""
        handler = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if self.body_field and media_type(request) != JSON:
                raise HTTPException(415, f"send the body as {JSON}", {"Accept": JSON})
            return await handler(request)

        return checked


def media_type(request: Request) -> str:
    """The media type of the body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def readable(
    routes: FastAPI | APIRouter, path: str, response: type[BaseModel], **described: Any
) -> Callable[[Handler], Handler]:
    """The decorator of a handler that answers GET, described by a schema, and HEAD."""

    def add(handler: Handler) -> Handler:
        routes.add_api_route(path, handler, methods=["GET"], response_model=response, **described)
        routes.add_api_route(path, handler, methods=["HEAD"], include_in_schema=False, response_model=None)
        return handler

    return add


def tagged(request: Request, body: object) -> Response:
    """The body with its ETag, or 304 where the client holds it already. The tag is weak: gzip changes the bytes."""
    response: Response = JSONResponse(body)
    tag = f'"{sha256(bytes(response.body)).hexdigest()[:32]}"'
    held = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in held or held == ["*"]:
        response = Response(status_code=304)
    response.headers["ETag"] = f"W/{tag}"
    return response
