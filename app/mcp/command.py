"""The command `mcp`: the tools over standard input and output, for a program that starts it."""

import argparse
import contextlib
import os
from collections.abc import Callable
from urllib.parse import urlsplit

from app.settings import SILENT, Settings
from index.cli.runner import OK, add_models
from index.reading.access import MOST_OF_PERSON, named_groups
from index.search.models import chosen_models


def add_mcp(add: Callable[..., argparse.ArgumentParser], settings: Settings) -> None:
    """Add the command."""
    command = add("mcp", _mcp, "give programs the articles as tools (Model Context Protocol) over stdin and stdout")
    command.add_argument("--groups", metavar="NAMES", help="show what members of these groups see, separated by commas")
    text = "address of the chat, which links begin with; without it they begin with /articles/"
    command.add_argument("--chat", metavar="URL", type=_address, help=text)
    add_models(command, settings.reader, settings.reranker)


def _mcp(arguments: argparse.Namespace) -> int:
    os.environ.update(SILENT)
    groups = None if arguments.groups is None else named_groups(arguments.groups, MOST_OF_PERSON)
    from app.mcp.server import mcp_server  # imports the SDK, which takes a second
    from app.mcp.tools import Reach, Tools
    from app.serving.live import Live

    settings: Settings = arguments.settings
    live = Live(arguments.index, models=chosen_models(arguments.reader, arguments.reranker))
    tools = Tools(lambda _: Reach(live.seen_by(groups), arguments.chat or ""), settings.examples)
    with contextlib.suppress(KeyboardInterrupt):  # the usual way to end it
        mcp_server(tools, settings.title).run("stdio")
    return OK


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{value!r} is no address. Give one such as https://search.example/ask")
    return value.rstrip("/")
