"""The tools on each kind of store, and the doctor's look at it."""

import asyncio
from pathlib import Path
from typing import Any

from mcp import Client

from app.answering.collection import Collection
from app.doctor import collection
from app.doctor.findings import found
from app.mcp.server import mcp_server
from app.mcp.tools import Reach, Tools
from app.settings import Settings
from index.stores.address import open_location
from index.stores.location import Location
from tests.access import HIDDEN, OPEN, SEES, built
from tests.hashing import searcher_of
from tests.stores import place

__all__ = ["place"]


def test_both_stores_give_members_of_a_group_what_they_may_see(place: Location, tmp_path: Path) -> None:
    store = open_location(built(tmp_path / "made", OPEN | HIDDEN)).open()
    place.replace(store.encoded(), store.manifest)
    seen = Collection.of(searcher_of(place)).seen_by(frozenset({"hr"}))
    tools = Tools(lambda _: Reach(seen, "https://search.example"))

    async def call() -> list[Any]:
        async with Client(mcp_server(tools, "Search")) as client:
            calls: dict[str, dict[str, Any]] = {
                "ask": {"question": "By how many percent do salaries rise?", "k": 1},
                "search": {"question": "salaries", "limit": 1},
                "read_article": {"article": "hr/pay", "limit": 8},
                "list_articles": {},
            }
            return [(await client.call_tool(name, given)).structured_content for name, given in calls.items()]

    asked, searched, read, listed = asyncio.run(call())
    assert (asked["verdict"], asked["citations"][0]["article"]) == ("answer", "hr/pay")
    assert searched["passages"][0]["link"].startswith("https://search.example/articles/hr/pay?start=0")
    assert (read["text"], read["receipt"]) == ("Salaries", "verified")
    assert {each["article"] for each in listed["articles"]} == SEES["hr"]

    by_groups = Settings(groups_header="x-groups")
    findings = [
        *found("index", lambda: collection.index(place)),
        *found("clock", lambda: collection.clock(place)),
        *found("groups", lambda: collection.groups(place, by_groups)),
    ]
    assert [(finding.part, finding.state) for finding in findings] == [
        ("index", "ok"),
        ("clock", "ok"),
        ("groups", "note"),
    ]
    assert findings[-1].text == "1 of 6 articles name no group: nobody sees them"
