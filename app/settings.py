"""Run-time settings: one record, read once from `CHAT_*` variables."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from index.errors import UserError
from index.stores.address import open_location
from index.stores.builds.location import BuildsFolder
from index.stores.location import Location

PREFIX = "CHAT_"
MAX_WORKERS = 128
_HERE = BuildsFolder(Path(".index"))
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

Network = IPv4Network | IPv6Network

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])"


class BadSetting(UserError):
    """A setting has an unknown name or a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen, what to search, what the page says, and who may use it.

    Port 0 takes any free one. `path` is the public path below which everything lies, without a
    slash at its end. `allowed_origins` are the portals that may show the chat and read answers,
    `allowed_hosts` the names we answer to, `trusted_proxies` the addresses whose forwarding
    headers, `user_header` and `groups_header` count; with the latter access is by groups. With
    `serve_originals` the articles' own files can be downloaded.
    `reranker` is the hub name or folder of a CrossEncoder; without one nothing is reordered.
    `waiting` is how many questions may wait for those that are worked on; any more are refused.
    `workers` is how many processes serve together.
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
    reranker: str = ""
    waiting: int = 128
    workers: int = 1

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Settings from the variables that begin with `CHAT_`; raises BadSetting."""
        given = {name.removeprefix(PREFIX).lower(): value for name, value in env.items() if name.startswith(PREFIX)}
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(given) - set(known))
        if unknown:
            names = ", ".join(PREFIX + name.upper() for name in unknown)
            offered = ", ".join(PREFIX + name.upper() for name in known)
            raise BadSetting(f"unknown setting {names}. The settings are: {offered}")
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
        return settings


def port(value: str) -> int:
    """A port number; raises BadSetting."""
    if not re.fullmatch("[0-9]{1,5}", value) or int(value) > 65_535:
        raise BadSetting(f"{value!r} is not a port. Give a number from 0 to 65535")
    return int(value)


def _path(value: str) -> str:
    if not re.fullmatch(r"(/[\w~-][\w.~-]*)*/?", value, re.ASCII):
        raise BadSetting(f"CHAT_PATH is {value!r}, which is no path. Give one such as /tools/ask")
    return value.rstrip("/")


def _origin(value: str) -> str:
    match = re.fullmatch(rf"(https?)://{_HOST}(?::([0-9]{{1,5}}))?", value.lower())
    if match is None or int(match[2] or 0) > 65_535:
        raise BadSetting(
            f"{value!r} in CHAT_ALLOWED_ORIGINS is no origin. Give scheme and host, such as https://portal.example, "
            "without a path and without *"
        )
    usual = {"http": "80", "https": "443"}[match[1]]  # which a browser never names
    return value.lower().removesuffix(f":{usual}")


def _host(value: str) -> str:
    if not re.fullmatch(_HOST, value.lower()):
        raise BadSetting(
            f"{value!r} in CHAT_ALLOWED_HOSTS is no host name. Give names such as search.example, without a port"
        )
    return value.lower()


def _network(value: str) -> Network:
    try:
        return ip_network(value, strict=False)
    except ValueError as error:
        raise BadSetting(
            f"{value!r} in CHAT_TRUSTED_PROXIES is no address. Give addresses or networks, such as 10.0.0.0/8"
        ) from error


def _switch(value: str) -> bool:
    if value not in ("0", "1"):
        raise BadSetting(f"CHAT_SERVE_ORIGINALS is {value!r}. Give 1 to let readers download the files, or 0")
    return value == "1"


def _waiting(value: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", value):
        raise BadSetting(f"CHAT_WAITING is {value!r}. Give how many questions may wait at once, from 0 to 9999")
    return int(value)


def _header(name: str, example: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value:
            raise BadSetting(f"{name} is empty: nobody could tell who asks. Name a header, or leave it out")
        if not re.fullmatch(r"[A-Za-z0-9-]+", value):
            raise BadSetting(f"{name} is {value!r}, which is no header's name. Give one such as {example}")
        return value.lower()

    return read


def _workers(value: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", value) or not 1 <= int(value) <= MAX_WORKERS:
        raise BadSetting(f"CHAT_WORKERS is {value!r}. Give how many processes serve together, from 1 to {MAX_WORKERS}")
    return int(value)


def _each(read: Callable[[str], object]) -> Callable[[str], tuple[object, ...]]:
    """The reader of a list whose items stand between spaces or commas."""
    return lambda value: tuple(read(item) for item in re.split(r"[\s,]+", value) if item)


_READ: dict[str, Callable[[str], object]] = {
    "index": open_location,
    "port": port,
    "examples": lambda value: tuple(text.strip() for text in value.split("|") if text.strip()),
    "path": _path,
    "allowed_origins": _each(_origin),
    "allowed_hosts": _each(_host),
    "trusted_proxies": _each(_network),
    "user_header": _header("CHAT_USER_HEADER", "X-Remote-User"),
    "groups_header": _header("CHAT_GROUPS_HEADER", "X-Remote-Groups"),
    "serve_originals": _switch,
    "waiting": _waiting,
    "workers": _workers,
}
