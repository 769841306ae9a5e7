"""A visit to a site: its pages are fetched into a mirror, or found to be as they were."""

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from protego import Protego

from index.errors import BadArticle, BadFolder
from index.reading.formats.adapters import adapted
from index.reading.formats.extract import Extract
from index.reading.places.fetching import AGENT, Reply, Unfetched, Web, address, fetch, host_of, unpacked
from index.reading.places.mirror import Bounds, Mirror, Page, write_whole
from index.reading.places.names import KINDS, file_of, in_utf8, may_be_page, suffix_for

_MOST_ROBOTS, _MOST_MAP_BYTES = 500_000, 20_000_000  # bytes of robots.txt and of a site map
_MOST_MAPS = 200  # site maps of a start
_LONGEST_PAUSE = 10.0  # seconds
_MORE = "Raise --max-pages, or name parts of the site: a visit ends after an hour"
_QUEUED = 20  # addresses in memory, times the pages that may be fetched
_FEW = 10  # pages; if over half of more are no longer linked, the site may only be out of order


class Visit:
    """Fetches the pages of a mirror's site; `parse` does the work of `adapted`, `progress` is called with each address.

    A page that cannot be fetched stays as it was; one that the server says is gone is removed, and so are pages that
    are no longer linked, after a visit that has seen all of them.
    """

    def __init__(
        self,
        web: Web,
        mirror: Mirror,
        bounds: Bounds,
        parse: Callable[[str, bytes | str], Extract | None] = adapted,
        progress: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._web, self._mirror, self._bounds, self._parse, self._progress = web, mirror, bounds, parse, progress
        self._files = {page.url: file for file, page in mirror.pages.items()}
        self._seen, self._queued = set[str](), set[str]()
        self._left = deque[tuple[str, int]]()
        self._kept, self._gone = set[str](), set[str]()  # files
        self._end = time.monotonic() + bounds.seconds
        self._is_whole = True
        self._counts = Counter[str]()
        self._robots = Protego.parse("")
        self._pause = bounds.pause

    def run(self) -> None:
        """Visit the site and write its mirror. Raises BadFolder if there is no page, now and from before."""
        self._mirror.problems.clear()
        try:
            if self._read_robots():
                for start in self._mirror.starts:
                    self._begin(start)
                while self._left and self._is_within():
                    self._page(*self._left.popleft())
                self._conclude()
        finally:
            if self._mirror.pages:
                self._mirror.write()
        if not self._mirror.pages:
            reasons = "\n".join(f"  {url}: {reason}" for url, reason, _ in self._mirror.problems[:20])
            raise BadFolder(f"no page could be fetched:\n{reasons or '  none is of a kind that is read'}")

    def _read_robots(self) -> bool:
        """Read robots.txt; a server without one, or that refuses it, has no rules. Returns whether to go on."""
        url = address("/robots.txt", self._mirror.starts[0])
        try:
            content = fetch(self._web, url, _MOST_ROBOTS, seconds=self._bounds.page_seconds).body or b""
        except Unfetched as error:
            if not HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                reason = f"{error}. Without it nothing is fetched, and the copies are kept"
                self._mirror.problems.append((url, reason, not self._mirror.pages))
                return False
            content = b""
        self._robots = Protego.parse(content.decode("utf-8", "replace"))
        self._pause = max(self._bounds.pause, min(self._robots.crawl_delay(AGENT) or 0, _LONGEST_PAUSE))
        return True

    def _begin(self, start: str) -> None:
        """Queue a start, or the pages of the site map that it is."""
        if not urlsplit(start).path.lower().endswith((".xml", ".xml.gz")):
            self._queue(start, 0)
            return
        waiting, done = deque([start]), set[str]()
        while waiting and len(done) < _MOST_MAPS and self._is_within():
            url = waiting.popleft()
            if url not in done:
                done.add(url)
                waiting += self._read_map(url)
        if waiting and len(done) >= _MOST_MAPS:
            self._fail(start, f"only {_MOST_MAPS} site maps are read. Name parts of the site")

    def _read_map(self, url: str) -> list[str]:
        """Queue the pages of a site map; returns its further site maps."""
        try:
            reply = self._get(url, _MOST_MAP_BYTES, lambda _: {}, lambda _: True)
            extract = self._parse("site map", unpacked(reply.body or b"", _MOST_MAP_BYTES))
        except (Unfetched, BadArticle) as error:
            self._fail(url, str(error))
            return []
        entries = [(kind, address(link, url)) for kind, link in (extract.blocks if extract else ())]
        near = [(kind, link) for kind, link in entries if link and host_of(link) == host_of(url)]
        self._counts["addresses of the site map that are not on its host"] += len(entries) - len(near)
        for kind, link in near:
            if kind == "item":
                self._queue(link, self._bounds.depth)
        return [link for kind, link in near if kind == "heading"]

    def _queue(self, url: str, depth: int) -> None:
        """Queue an address that is new and may be that of a page."""
        if url not in self._queued and may_be_page(url) and len(self._queued) < _QUEUED * self._bounds.pages:
            self._queued.add(url)
            self._left.append((url, depth))

    def _page(self, url: str, depth: int) -> None:
        """Fetch a page unless it is as it was, and queue its links."""
        if url in self._seen:
            return
        self._seen.add(url)
        if not self._robots.can_fetch(url, AGENT) and url not in self._mirror.starts:
            self._counts["pages that robots.txt asks not to fetch"] += 1
            return
        try:
            reply = self._get(url, self._bounds.page_bytes, self._conditions, KINDS.__contains__)
        except Unfetched as error:
            self._miss(url, error)
            return
        self._seen.add(reply.url)
        if reply.body is None:
            file = self._files[reply.url]
            self._kept.add(file)
            if depth < self._bounds.depth:
                self._follow(reply.url, self._mirror.path(file).read_bytes(), file, depth)
        elif reply.kind in KINDS:
            self._keep(reply, depth)
        else:
            self._counts["files of other kinds"] += 1

    def _get(
        self, url: str, most_bytes: int, known: Callable[[str], Mapping[str, str]], wants: Callable[[str], bool]
    ) -> Reply:
        time.sleep(self._pause)
        self._progress(url)

        def allows(target: str) -> bool:
            return self._robots.can_fetch(target, AGENT)

        seconds = self._bounds.page_seconds
        return fetch(self._web, url, most_bytes, seconds=seconds, known=known, allows=allows, wants=wants)

    def _conditions(self, url: str) -> dict[str, str]:
        """The headers by which the server need not send a page again."""
        file = self._files.get(url, "")
        if not file or not self._mirror.path(file).is_file():
            return {}
        page = self._mirror.pages[file]
        headers = {"If-None-Match": page.etag, "If-Modified-Since": page.modified}
        return {name: value for name, value in headers.items() if value}

    def _keep(self, reply: Reply, depth: int) -> None:
        """Write a fetched page and queue its links, as far as the page allows both."""
        url, suffix = reply.url, suffix_for(reply.kind, reply.url)
        content = in_utf8(reply.body or b"", suffix, reply.charset)
        earlier = self._files.get(url, "")
        taken = self._mirror.pages.keys() - {earlier}
        file = file_of(url, suffix, earlier, taken)
        robots = self._follow(url, content, file, depth) | {word.strip() for word in reply.robots.lower().split(",")}
        is_wanted = not robots & {"noindex", "none"}
        if earlier and (file != earlier or not is_wanted):
            self._gone.add(earlier)
        if not is_wanted:
            self._counts["pages that ask not to be indexed"] += 1
            return
        path, fetched = self._mirror.path(file), datetime.now(UTC).date().isoformat()
        if file == earlier and path.is_file() and path.read_bytes() == content:
            fetched = self._mirror.pages[file].fetched
        else:
            write_whole(path, content)
        self._files[url] = file
        self._kept.add(file)
        self._mirror.pages[file] = Page(url, fetched, reply.etag, reply.modified)

    def _follow(self, url: str, content: bytes, file: str, depth: int) -> set[str]:
        """Queue the links of a page; returns the words of its `robots`."""
        if not file.endswith((".html", ".xhtml")):
            return set()
        try:
            extract = self._parse("page links", content)
        except BadArticle:  # said when the page is read
            return set()
        words = set(extract.declared) if extract else set()
        if extract and depth < self._bounds.depth and not words & {"nofollow", "none"}:
            (_, base), *links = extract.blocks or [("heading", "")]
            base = address(base, url) or url
            for link in (address(link, base) for _, link in links):
                if link and host_of(link) == host_of(url):
                    self._queue(link, depth + 1)
        return words

    def _is_within(self) -> bool:
        """Whether the visit may go on."""
        if len(self._seen) < self._bounds.pages and time.monotonic() < self._end:
            return True
        self._fail(self._mirror.starts[0], f"only {len(self._seen):,} addresses were visited. {_MORE}")
        self._left.clear()
        return False

    def _fail(self, url: str, reason: str) -> None:
        """Note that pages may not have been seen, so that none is removed for that."""
        self._is_whole = False
        self._mirror.problems.append((url, reason, True))

    def _miss(self, url: str, error: Unfetched) -> None:
        """Note a page that could not be fetched; its copy is kept unless the server says that the page is gone."""
        file = self._files.get(url, "")
        if error.gone and url not in self._mirror.starts:
            self._gone.add(file)
            if not file:
                self._mirror.problems.append((url, f"{error}, but a page of the site links to it", False))
        elif file:
            self._is_whole = False
            copy = f"The copy of {self._mirror.pages[file].fetched} is kept"
            self._mirror.problems.append((url, f"{error}. {copy}", False))
        else:
            self._fail(url, str(error))

    def _conclude(self) -> None:
        """Remove the pages that are gone, and after a whole visit those that are no longer linked."""
        pages = self._mirror.pages
        stale = {file for file in pages if file not in self._kept}
        if self._is_whole and len(pages) >= _FEW and 2 * len(stale) > len(pages):
            self._is_whole = False
            reason = (
                f"{len(stale):,} of {len(pages):,} pages are no longer linked, and kept. Delete {self._mirror.folder}"
            )
            self._mirror.problems.append((self._mirror.starts[0], f"{reason} to begin anew", False))
        for file in stale if self._is_whole else stale & self._gone:
            self._mirror.path(file).unlink(missing_ok=True)
            del pages[file]
        counts = ((f"{kind}: {count:,}", False) for kind, count in self._counts.items() if count)
        self._mirror.problems += ((self._mirror.starts[0], *each) for each in counts)
        self._mirror.checked = time.time()
