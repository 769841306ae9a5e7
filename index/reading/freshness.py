"""Freshness of articles: whether their files are still as they were indexed."""

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from index.articles.article import Article
from index.errors import BadArticle
from index.reading.files import RECORDS, article_hashes
from index.reading.formats.adapters import CONTAINERS
from index.reading.formats.members import holders
from index.reading.places.folders import Where, places_of, read_where

State: TypeAlias = Literal["verified", "changed", "gone", "unchecked"]

_SETTLED = 2_000_000_000  # nanoseconds: more than the step of a file system's clock, in which changes get equal times

_Signature: TypeAlias = tuple[int, int, int, int]


class Freshness:
    """The live files below the folders of a build, which may be named as in its manifest; threads may share it.

    A file is read and hashed on first use, and again whenever its size, times or inode have
    changed. Otherwise, once a change is seconds old, a check costs one `stat`.
    """

    def __init__(self, folder: Where | str) -> None:
        self._places = places_of(read_where(folder) if isinstance(folder, str) else folder)
        self._hashed: dict[Path, tuple[_Signature, Mapping[str, frozenset[str]]]] = {}
        self._stale: dict[str, Article] = {}

    def stale(self) -> set[str]:
        """The ids of the articles that are changed or gone."""
        return {article.id for article in list(self._stale.values()) if self.state(article) in ("changed", "gone")}

    def state(self, article: Article) -> State:
        """The state: `verified` if the file holds the article as indexed, `changed` if not, `gone` without the file.

        `unchecked` if its folder itself is not accessible from here, and for an article without a file.
        """
        state = self._state(article)
        if state in ("changed", "gone"):
            self._stale[article.id] = article
        else:
            self._stale.pop(article.id, None)
        return state

    def _state(self, article: Article) -> State:
        folder, path, inner = self._located(article)
        if not path:
            return "unchecked"
        try:
            hashes = self._hashes(path, inner)
        except (OSError, BadArticle) as error:
            if not (os.path.isdir(folder) and os.access(folder, os.X_OK)):
                return "unchecked"
            return "gone" if isinstance(error, FileNotFoundError | NotADirectoryError) else "changed"
        return "verified" if article.sha256 in hashes else "changed"

    def path(self, article: Article, *, alone: bool = False) -> Path | None:
        """The live file with this article if it is `verified`; None for a record, and for a container if `alone`."""
        folder, path, _ = self._located(article)
        if not path or article.file.lower().endswith(RECORDS) or (alone and path.suffix.lower() in CONTAINERS):
            return None
        if self.state(article) != "verified":
            return None
        real = Path(os.path.realpath(path))  # unlike Path.resolve, no error for circular links
        return path if real.is_relative_to(folder.resolve()) else None

    def _located(self, article: Article) -> tuple[Path, Path | None, str]:
        """The folder of an article, the file on disk that is or holds it, and its path in that file, often empty.

        There is no such file for an article without one, and for one that is in none of the folders.
        """
        for place in self._places:
            beginning = place.full("")
            if article.file and article.file.startswith(beginning):
                file = article.file.removeprefix(beginning)
                outer = next((path for path in holders(file) if os.path.isfile(place.folder / path)), file)
                return place.folder, place.folder / outer, file[len(outer) + 1 :]
        return Path(), None, ""

    def _hashes(self, path: Path, inner: str) -> frozenset[str]:
        signature = _signature(path)
        earlier, hashes = self._hashed.get(path, (None, {}))
        if earlier != signature:
            began, hashes = time.time_ns(), article_hashes(path)
            # Not kept if the file changed while it was read, or may still change without a new time.
            if _signature(path) == signature and began - signature[1] > _SETTLED:
                self._hashed[path] = (signature, hashes)
        if inner not in hashes:
            raise FileNotFoundError(f"{inner} is not in {path}")
        return hashes[inner]


def _signature(path: Path) -> _Signature:
    entry = os.stat(path)
    if not stat.S_ISREG(entry.st_mode):  # a pipe would never end
        raise BadArticle("not an ordinary file")
    return entry.st_mtime_ns, entry.st_ctime_ns, entry.st_size, entry.st_ino
