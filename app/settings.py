"""Run-time settings: one record, read once from `CHAT_*` variables."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from app.answering.suggestions.question_list import read_question_list
from index.errors import UserError
from index.reader.readers import READERS, SHIPPED
from index.stores.address import open_location
from index.stores.builds.location import BuildsFolder
from index.stores.location import Location

PREFIX = "CHAT_"
MAX_WORKERS = 128
LOG_FORMATS = ("text", "json")
_HERE = BuildsFolder(Path(".index"))
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

# Gradio and the hub's client read these variables when they are imported, and then send nothing.
SILENT = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}

Network = IPv4Network | IPv6Network
_WIDEST = {4: 8, 6: 7}  # bits of the widest private networks, 10.0.0.0/8 and fc00::/7

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])"


class BadSetting(UserError):
    """A setting has an unknown name or a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The address to listen on, the index to search, the texts of the page, and who may use it.

    Port 0 takes any free port. `path` is the public path of the application, without a slash at its
    end. `allowed_origins` are the portals that may show the chat and read answers, `allowed_hosts`
    the names that the server answers to, `trusted_proxies` the addresses whose forwarding headers,
    `user_header` and `groups_header` are believed; with `groups_header` access is by groups. With
    `serve_originals` readers can download the articles' own files. `reader` is one of READERS, `reranker`
    the hub name or folder of a CrossEncoder, empty for none. `waiting` is the number of questions that may wait,
    further ones are refused; `workers` is the number of processes. `keep` is "tab" where a browser's tab may keep its
    conversation, else empty. With `upload` visitors can try files of their own, with `mcp` programs can ask at `/mcp`,
    and with `metrics` loopback and the `metrics_addresses` can read measures. `log_format` is one of LOG_FORMATS.
    `log` is the folder of the log of questions, empty for none, from which they are removed after `log_days`.
    `receipt_key` is the file of the private key that signs receipts. `owners` are the signed-in people who may open
    `/owner`; `tests` is the file of questions to which they add.
    """

    index: Location = _HERE
    host: str = "127.0.0.1"
    port: int = 7860
    title: str = "Citewell"
    examples: tuple[str, ...] = ()
    path: str = ""
    allowed_origins: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = LOOPBACK
    trusted_proxies: tuple[Network, ...] = ()
    user_header: str = ""
    groups_header: str = ""
    serve_originals: bool = False
    reader: str = SHIPPED
    reranker: str = ""
    waiting: int = 128
    workers: int = 1
    suggestions: bool = True
    questions: tuple[str, ...] = ()
    keep: str = ""
    upload: bool = False
    mcp: bool = False
    metrics: bool = False
    metrics_addresses: tuple[Network, ...] = ()
    log_format: str = "text"
    log: str = ""
    log_days: int = 90
    receipt_key: str = ""
    owners: tuple[str, ...] = ()
    tests: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Settings from the variables that begin with `CHAT_`; raises BadSetting."""
        given = {name.removeprefix(PREFIX).lower(): value for name, value in env.items() if name.startswith(PREFIX)}
        names = [setting.name for setting in fields(cls)]
        if unknown := sorted(set(given) - set(names)):
            unknown_names, all_names = (", ".join(PREFIX + name.upper() for name in each) for each in (unknown, names))
            raise BadSetting(f"unknown setting {unknown_names}. The settings are: {all_names}")
        settings = cls(**{name: _READ.get(name, str)(value) for name, value in given.items()})  # type: ignore[arg-type]
        if not settings.allowed_hosts:
            raise BadSetting(
                "CHAT_ALLOWED_HOSTS is empty: no request could be answered. "
                f"Name the hosts, such as search.example, or leave it out for {' '.join(LOOPBACK)}"
            )
        for name in ("user_header", "groups_header"):
            if (header := getattr(settings, name)) and not settings.trusted_proxies:
                raise BadSetting(
                    f"CHAT_{name.upper()} is {header!r}, but CHAT_TRUSTED_PROXIES is empty: anyone could send that "
                    "header. Name the proxy's address, such as 127.0.0.1"
                )
        if settings.owners and not settings.user_header:
            raise BadSetting(
                "CHAT_OWNERS names people, but CHAT_USER_HEADER is empty: nobody could be told from anybody. "
                "Name the header of the sign-in, such as X-Remote-User"
            )
        if settings.upload and settings.allowed_origins and not settings.user_header:
            raise BadSetting(
                "CHAT_UPLOAD is 1 and CHAT_ALLOWED_ORIGINS names a portal, but CHAT_USER_HEADER is empty: visitors of "
                "the portal could upload files without a sign-in. Name the header of the sign-in, or set CHAT_UPLOAD=0"
            )
        return settings


def _number(low: int, high: int, fault: str) -> Callable[[str], int]:
    """The reader of a whole number from `low` to `high`; `fault` is the error for other values."""

    def read(value: str) -> int:
        if not re.fullmatch("[0-9]{1,5}", value) or not low <= int(value) <= high:
            raise BadSetting(fault.format(value))
        return int(value)

    return read


def _matching(pattern: str, fault: str, convert: Callable[[str], object] = str.lower) -> Callable[[str], object]:
    """The reader of a text that matches `pattern` in any case; `fault` is the error for other values."""

    def read(value: str) -> object:
        if not re.fullmatch(pattern, value, re.ASCII | re.IGNORECASE):
            raise BadSetting(fault.format(value))
        return convert(value)

    return read


def _origin(value: str) -> str:
    match = re.fullmatch(rf"(https?)://{_HOST}(?::([0-9]{{1,5}}))?", value.lower())
    if match is None or int(match[2] or 0) > 65_535:
        raise BadSetting(
            f"{value!r} in CHAT_ALLOWED_ORIGINS is no origin. Give scheme and host, such as https://portal.example, "
            "without a path and without *"
        )
    default_port = {"http": "80", "https": "443"}[match[1]]  # browsers leave it out
    return value.lower().removesuffix(f":{default_port}")


def _address(value: str, name: str) -> Network:
    try:
        return ip_network(value, strict=False)
    except ValueError as error:
        raise BadSetting(
            f"{value!r} in {name} is no address. Give addresses or networks, such as 10.0.0.0/8"
        ) from error


def _network(value: str) -> Network:
    network = _address(value, "CHAT_TRUSTED_PROXIES")
    if network.prefixlen < _WIDEST[network.version]:
        raise BadSetting(
            f"{value!r} in CHAT_TRUSTED_PROXIES is a network of strangers: any of them could name a person. "
            "Give the addresses of your proxies, such as 10.0.0.7"
        )
    return network


def _each(read: Callable[[str], object]) -> Callable[[str], tuple[object, ...]]:
    """The reader of a list whose items are separated by spaces or commas."""
    return lambda value: tuple(read(item) for item in re.split(r"[\s,]+", value) if item)


port = _number(0, 65_535, "{!r} is not a port. Give a number from 0 to 65535")
_HEADER = "which is no header's name. Give one such as X-Remote"
_READ: dict[str, Callable[[str], object]] = {
    "index": open_location,
    "port": port,
    "examples": lambda value: tuple(text.strip() for text in value.split("|") if text.strip()),
    "suggestions": _matching("[01]", "CHAT_SUGGESTIONS is {!r}. Give 1 to suggest what to ask, or 0", "1".__eq__),
    "questions": read_question_list,
    "keep": _matching(
        "(tab)?", "CHAT_KEEP is {!r}. Give tab to keep a conversation in its browser tab, or leave it out"
    ),
    "upload": _matching("[01]", "CHAT_UPLOAD is {!r}. Give 1 to let visitors try their own files, or 0", "1".__eq__),
    "metrics": _matching("[01]", "CHAT_METRICS is {!r}. Give 1 to show measures at /metrics, or 0", "1".__eq__),
    "metrics_addresses": _each(lambda value: _address(value, "CHAT_METRICS_ADDRESSES")),
    "log_format": _matching("|".join(LOG_FORMATS), f"CHAT_LOG_FORMAT is {{!r}}. Give {' or '.join(LOG_FORMATS)}"),
    "mcp": _matching("[01]", "CHAT_MCP is {!r}. Give 1 to let programs ask at /mcp, or 0", "1".__eq__),
    "path": _matching(
        r"(/[\w~-][\w.~-]*)*/?",
        "CHAT_PATH is {!r}, which is no path. Give one such as /tools/ask",
        lambda value: value.rstrip("/"),
    ),
    "reader": _matching("|".join(READERS), f"CHAT_READER is {{!r}}, but the readers are {' and '.join(READERS)}"),
    "allowed_origins": _each(_origin),
    "allowed_hosts": _each(
        _matching(
            _HOST, "{!r} in CHAT_ALLOWED_HOSTS is no host name. Give names such as search.example, without a port"
        )
    ),
    "trusted_proxies": _each(_network),
    "user_header": _matching("[a-z0-9-]+", f"CHAT_USER_HEADER is {{!r}}, {_HEADER}-User"),
    "groups_header": _matching("[a-z0-9-]+", f"CHAT_GROUPS_HEADER is {{!r}}, {_HEADER}-Groups"),
    "serve_originals": _matching(
        "[01]", "CHAT_SERVE_ORIGINALS is {!r}. Give 1 to let readers download the files, or 0", "1".__eq__
    ),
    "owners": lambda value: tuple(name.strip() for name in value.split(",") if name.strip()),
    "waiting": _number(0, 9_999, "CHAT_WAITING is {!r}. Give how many questions may wait at once, from 0 to 9999"),
    "log_days": _number(2, 3_650, "CHAT_LOG_DAYS is {!r}. Give for how many days questions are kept, from 2 to 3650"),
    "workers": _number(
        1, MAX_WORKERS, f"CHAT_WORKERS is {{!r}}. Give how many processes serve together, from 1 to {MAX_WORKERS}"
    ),
}
