"""The page that describes version 1 of the interface, made from its schema alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.web.pages import Site

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object or of a query: its type in words, the names of the objects it holds, and its bounds."""

    name: str
    type: str
    holds: tuple[str, ...]
    default: str
    bounds: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An address with its method, and the names of the objects that it takes and gives."""

    method: str
    path: str
    summary: str
    query: tuple[Field, ...]
    takes: tuple[str, ...]
    gives: tuple[str, ...]


_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "characters at least",
    "maxLength": "characters at most",
    "maxItems": "items at most",
}


def interface_page(schema: Schema, site: Site) -> str:
    """The page, in English, with an example of the first request."""
    models = schema["components"]["schemas"]
    return site.page(
        "api.html",
        about=schema["info"]["description"],
        server=schema["servers"][0]["url"],
        operations=list(_operations(schema)),
        models={name: (model.get("description", ""), list(_fields(model))) for name, model in sorted(models.items())},
    )


def _operations(schema: Schema) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            given = [
                _field(each["name"], each["schema"], each.get("required")) for each in operation.get("parameters", ())
            ]
            body, response = operation.get("requestBody", {}), operation["responses"]["200"]
            yield Operation(method.upper(), path, operation["summary"], tuple(given), _named(body), _named(response))


def _fields(model: Schema) -> Iterator[Field]:
    required = model.get("required", ())
    for name, field in model.get("properties", {}).items():
        yield _field(name, field, name in required)


def _field(name: str, field: Schema, required: bool | None) -> Field:
    default = "" if required else str(field.get("default", ""))
    bounds = [f"{words} {field[key]:,}" for key, words in _BOUNDS.items() if key in field]
    values = [*field.get("enum", ()), *([field["const"]] if "const" in field else ())]
    return Field(name, _type(field), _named(field), default, ", ".join([*bounds, *map(str, values)]))


def _type(field: Schema) -> str:
    """The type in words: "list of string", "integer or null", "object"."""
    if "$ref" in field:
        return "object"
    if "anyOf" in field:
        return " or ".join(map(_type, field["anyOf"]))
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}" if "items" in field else "list"
    return str(field.get("type", "any"))


def _named(part: Any) -> tuple[str, ...]:
    """The names of the objects that a part of the schema refers to."""
    if isinstance(part, Mapping):
        own = [str(part["$ref"]).rpartition("/")[2]] if "$ref" in part else []
        return tuple(dict.fromkeys([*own, *(name for value in part.values() for name in _named(value))]))
    if isinstance(part, list):
        return tuple(dict.fromkeys(name for each in part for name in _named(each)))
    return ()
