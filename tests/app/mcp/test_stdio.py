"""`python -m app mcp`, started and called by the SDK's own client."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from app.__main__ import main
from tests.access import HIDDEN, OPEN, SEES, built
from tests.conftest import PROJECT


@pytest.mark.slow
def test_a_program_asks_over_standard_input_and_output_for_the_groups_that_are_named(tmp_path: Path) -> None:
    root = built(tmp_path, {"open/moon.md": OPEN["open/moon.md"], "hr/pay.md": HIDDEN["hr/pay.md"]}, by_default=True)
    options = ["mcp", "--groups", "sales", "--chat", "https://search.example/ask", "--index", str(root)]
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "app", *options], cwd=PROJECT, env={"HF_HUB_OFFLINE": "1"}
    )

    async def call() -> tuple[Any, Any]:
        async with Client(server) as client:
            asked = await client.call_tool("ask", {"question": "Is lunar soil dry?"})
            listed = await client.call_tool("list_articles", {})
            return asked.structured_content, listed.structured_content

    asked, listed = asyncio.run(call())
    assert (asked["verdict"], asked["citations"][0]["article"]) == ("answer", "open/moon")
    assert asked["citations"][0]["link"].startswith("https://search.example/ask/articles/open/moon?start=0")
    assert {each["article"] for each in listed["articles"]} == {"open/moon"} < SEES["sales"]


def test_an_address_of_the_chat_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["mcp", "--chat", "search.example"])
    assert "'search.example' is no address. Give one such as https://search.example/ask" in capsys.readouterr().err
