"""Whether the files of a build are still as they were read: told for each article, at any time."""

import os
import stat
import time
from pathlib import Path
from typing import Literal, TypeAlias

from index.articles.article import Article
from index.errors import BadArticle
from index.reading.files import RECORDS, held_hashes

State: TypeAlias = Literal["verified", "changed", "gone", "unchecked"]

_SETTLED = 2_000_000_000  # nanoseconds: within one step of its clock a file system gives two changes the same time

_Signature: TypeAlias = tuple[int, int, int, int]


class Freshness:
    """The live files below the folder that a build was made of; threads may share it.

    A file is read and hashed when it is first asked for and whenever its size, its times or its
    place on the disk have changed since; in between, and once a change is seconds old, an answer
    costs one look at the file's entry.
    """

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)
        self._held: dict[str, tuple[_Signature, frozenset[str]]] = {}
        self._stale: dict[str, Article] = {}

    def stale(self) -> set[str]:
        """The ids of the articles that were found changed or gone, and still are."""
        return {article.id for article in list(self._stale.values()) if self.state(article) in ("changed", "gone")}

    def state(self, article: Article) -> State:
        """`verified`: the file holds the article as it was indexed; `changed`: as something else; `gone`: no more.

        `unchecked` where the folder itself cannot be seen from here, and of an article that came from no file.
        """
        state = self._state(article)
        if state in ("changed", "gone"):
            self._stale[article.id] = article
        else:
            self._stale.pop(article.id, None)
        return state

    def _state(self, article: Article) -> State:
        if not article.file:
            return "unchecked"
        try:
            held = self._hashes(article.file)
        except (OSError, BadArticle) as error:
            if not (os.path.isdir(self._folder) and os.access(self._folder, os.X_OK)):
                return "unchecked"
            return "gone" if isinstance(error, FileNotFoundError | NotADirectoryError) else "changed"
        return "verified" if article.sha256 in held else "changed"

    def path(self, article: Article) -> Path | None:
        """The live file that holds this article and no other, where it is `verified`, else None."""
        path = self._folder / article.file
        if path.suffix.lower() == RECORDS or self.state(article) != "verified":
            return None
        real = Path(os.path.realpath(path))  # unlike Path.resolve, no error where links make a circle
        return path if real.is_relative_to(self._folder.resolve()) else None

    def _hashes(self, file: str) -> frozenset[str]:
        path = self._folder / file
        found = _signature(path)
        known = self._held.get(file)
        if known is None or known[0] != found:
            began = time.time_ns()
            known = (found, held_hashes(path))
            # Else it changed while it was read, or might without a trace: it is read again next time.
            if _signature(path) == found and began - found[1] > _SETTLED:
                self._held[file] = known
        return known[1]


def _signature(path: Path) -> _Signature:
    entry = os.stat(path)
    if not stat.S_ISREG(entry.st_mode):  # a pipe would never end
        raise BadArticle("not an ordinary file")
    return entry.st_mtime_ns, entry.st_ctime_ns, entry.st_size, entry.st_ino
