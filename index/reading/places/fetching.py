"""A page of a site by HTTP: from one host only, bounded, and only if it has changed."""

import asyncio
import zlib
from collections.abc import Callable, Coroutine, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import Message
from typing import TypeVar

import httpx

from index.errors import BadFolder

T = TypeVar("T")

AGENT = "Citewell"
MOST_REDIRECTS, LONGEST_ADDRESS = 5, 2_000
_TIMEOUT = httpx.Timeout(20.0, connect=10.0)


class Unfetched(Exception):
    """The reason why an address gives no page, and the status of the server's answer, 0 without one."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status

    @property
    def gone(self) -> bool:
        """Whether the server says that there is no such page."""
        return self.status in (httpx.codes.NOT_FOUND, httpx.codes.GONE)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of a server: the address after redirects, and the body, None for a page that has not changed."""

    url: str
    body: bytes | None
    kind: str = ""  # media type
    charset: str = ""
    etag: str = ""
    modified: str = ""
    robots: str = ""  # the header X-Robots-Tag


class Web(ExitStack):
    """A client that asks for plain bytes and follows no redirect by itself; a context manager.

    It is asynchronous inside, as only so a request ends in time however slowly its server drips.
    """

    def __init__(self) -> None:
        super().__init__()
        self._runner = self.enter_context(asyncio.Runner())
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        self.client = httpx.AsyncClient(timeout=_TIMEOUT, headers=headers)
        self.callback(lambda: self.run(self.client.aclose()))

    def run(self, task: Coroutine[None, None, T]) -> T:
        """The result of a task."""
        return self._runner.run(task)


def address(link: str, base: str = "") -> str:
    """A link as an absolute address without its fragment; empty if it is none, or too long."""
    try:
        url = (httpx.URL(base).join(link) if base else httpx.URL(link)).copy_with(fragment=None)
        usable = url.scheme in ("http", "https") and url.host and not url.userinfo
    except (httpx.InvalidURL, ValueError, TypeError):
        return ""
    if usable and (url.scheme, url.port) in (("http", 80), ("https", 443)):
        url = url.copy_with(port=None)
    written = str(url) if url.path else str(url.copy_with(path="/"))
    return written if usable and len(written) <= LONGEST_ADDRESS else ""


def host_of(url: str) -> tuple[str, str]:
    """The scheme of an address, and its host with the port if it is not that of the scheme."""
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.netloc.decode("ascii")


def start_of(written: str) -> str:
    """The address that a person names. Raises BadFolder."""
    if not (url := address(written)):
        raise BadFolder(
            f"{written.rpartition('@')[2][:200]!r} is no address to fetch. Give one such as https://intranet.example/sitemap.xml"
        )
    return url


def fetch(
    web: Web,
    url: str,
    most_bytes: int,
    *,
    seconds: float = 60,
    known: Callable[[str], Mapping[str, str]] = lambda _: {},
    allows: Callable[[str], bool] = lambda _: True,
    wants: Callable[[str], bool] = lambda _: True,
) -> Reply:
    """The reply for an address; redirects are followed on its host only, each in so many seconds.

    `known` gives the conditions of an address that was fetched before; `allows` says whether an address may be
    fetched, `wants` whether bodies of a media type are. Raises Unfetched.
    """
    host = host_of(url)
    for _ in range(MOST_REDIRECTS + 1):
        if not allows(url):
            raise Unfetched("robots.txt asks not to fetch it")
        try:
            reply = web.run(_asked(web.client, url, known(url), most_bytes, seconds, wants))
        except (httpx.TimeoutException, TimeoutError) as error:
            raise Unfetched("the server does not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise Unfetched("no connection (is the server up, and its certificate known by SSL_CERT_FILE?)") from error
        if isinstance(reply, Reply):
            return reply
        if not reply or host_of(reply) != host:
            raise Unfetched(f"it leads to {reply[:200] or 'no address'}, which is not on the same host; not followed")
        url = reply
    raise Unfetched(f"over {MOST_REDIRECTS} redirects")


async def _asked(  # noqa: PLR0917 - one call
    web: httpx.AsyncClient,
    url: str,
    conditions: Mapping[str, str],
    most_bytes: int,
    seconds: float,
    wants: Callable[[str], bool],
) -> Reply | str:
    """The reply of one request, or the address that it leads to."""
    async with asyncio.timeout(seconds), web.stream("GET", url, headers=dict(conditions)) as response:
        if response.has_redirect_location:
            return address(response.headers["location"], url)
        if response.status_code == httpx.codes.NOT_MODIFIED and conditions:
            return Reply(url, None)
        if (status := response.status_code) != httpx.codes.OK:
            raise Unfetched(f"the server answers {status}", status)
        header = Message()
        header["content-type"] = response.headers.get("content-type", "application/octet-stream")
        kind, charset = header.get_content_type(), str(header.get_content_charset(""))
        body = await _body(response, most_bytes) if wants(kind) else b""
        named = (response.headers.get(name, "")[:500] for name in ("etag", "last-modified", "x-robots-tag"))
        return Reply(url, body, kind, charset, *named)


async def _body(response: httpx.Response, most_bytes: int) -> bytes:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > most_bytes:
            raise Unfetched(f"over {most_bytes / 1e6:g} MB")
        parts.append(part)
    return b"".join(parts)


def unpacked(raw: bytes, most_bytes: int) -> bytes:
    """The content of bytes that may be packed by gzip. Raises Unfetched."""
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    try:
        content = zlib.decompressobj(31).decompress(raw, most_bytes + 1)
    except zlib.error as error:
        raise Unfetched("damaged: it cannot be unpacked") from error
    if len(content) > most_bytes:
        raise Unfetched(f"it unpacks to over {most_bytes / 1e6:g} MB")
    return content
