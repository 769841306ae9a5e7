"""A collection whose articles are for different groups, for tests of who sees which."""

import json
from collections.abc import Callable
from pathlib import Path

from httpx2 import Response
from starlette.testclient import TestClient

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder


def _written(title: str, publisher: str, groups: str, text: str) -> str:
    field = f"groups: {groups}\n" if groups else ""
    return f'---\ntitle: "{title}"\npublisher: "{publisher}"\npublished: "2024-06-25"\n{field}---\n{text}\n'


SOIL = "Lunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024."
PAY = "Salaries in Zanzibar rise by 3.5 percent in May. Experts on quarkonium earn most of all."

OPEN = {
    "open/moon.md": _written("The Moon", "Night Sky Notes", "everyone", SOIL),
    "open/bees.md": _written("Bees", "Garden Notes", "everyone", "A honey bee visits about 2,000 flowers a day."),
}
HIDDEN = {
    "hr/pay.md": _written("Pay of the staff", "Payroll Office", "hr", PAY),
    "hr/moon.md": _written("The Moon once more", "Payroll Office", "[HR, board]", SOIL),
    "legal/case.md": _written("A case in court", "Law Letters", "legal", "The court heard of salaries and of flowers."),
    "nobody/draft.md": _written("A draft", "Nobody Knows", "", "A draft on salaries, flawers and lunar soil."),
}
SEES: dict[str, set[str]] = {  # by group
    "hr": {"open/moon", "open/bees", "hr/pay", "hr/moon"},
    "board": {"open/moon", "open/bees", "hr/moon"},
    "legal": {"open/moon", "open/bees", "legal/case"},
    "sales": {"open/moon", "open/bees"},
    "everyone": {"open/moon", "open/bees"},
}
SECRETS = ("Pay of the staff", "Payroll", "Zanzibar", "quarkonium", "once more")  # of what is for `hr`


def built(root: Path, articles: dict[str, str], *, by_default: bool = False) -> Path:
    """The index of these articles below `root`, made with the hashing encoder, or with the default one."""
    folder = write_articles(root / "articles", articles)
    if by_default:
        build(folder, root / "index", identify(DEFAULT_MODEL))
    else:
        build(folder, root / "index", IDENTITY, load=HashingEncoder)
    return root / "index"


Headers = list[tuple[str, str]]
_ASKED = {"question": "By how many percent do salaries rise?"}
_LINES = ("content-type", "application/x-ndjson")


def _got(path: str) -> Callable[[TestClient, Headers], Response]:
    return lambda client, headers: client.get(path, headers=headers)


def _posted(path: str, **body: object) -> Callable[[TestClient, Headers], Response]:
    return lambda client, headers: client.post(path, json=body, headers=headers)


API_ROUTES: dict[str, Callable[[TestClient, Headers], Response]] = {  # ways into version 1 of the interface
    "v1 answer": _posted("/api/v1/ask", **_ASKED),
    "v1 batch": lambda client, headers: client.post(
        "/api/v1/ask", content=json.dumps(_ASKED), headers=[*headers, _LINES]
    ),
    "v1 search": _posted("/api/v1/search", **_ASKED),
    "v1 search by article": _posted("/api/v1/search", **_ASKED, by_article=True, limit=200),
    "v1 search with filters": _posted("/api/v1/search", **_ASKED, filters={"folders": ["hr"]}),
    "v1 reason": _posted("/api/v1/why", **_ASKED, article="hr/pay", start=0, end=88),
    "v1 list": _got("/api/v1/articles"),
    "v1 list of what is wanted": _got("/api/v1/articles?q=staff&folder=hr"),
    "v1 article": _got("/api/v1/articles/hr/pay"),
    "v1 facets": _got("/api/v1/facets"),
    "v1 counts": _posted("/api/v1/facets", filters={"folders": ["hr"]}),
    "v1 suggestions": _posted("/api/v1/suggest", text="st"),
    "v1 description": _got("/api/v1/openapi.json"),
    "v1 page": _got("/api/v1/docs"),
}
