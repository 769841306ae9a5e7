"""Articles of a build: a line of JSON metadata each, and all texts in one memory-mapped file."""

import json
import mmap
from contextlib import ExitStack
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

from index.arrays import Lazy
from index.articles.article import Article
from index.articles.catalogue import Catalogue
from index.errors import REBUILD, DamagedIndex

_METADATA, _TEXTS = "articles.jsonl", "texts.txt"
_FIELDS = {field.name for field in fields(Article)}
_CACHED_ARTICLES = 512


class ArticlesWriter(ExitStack):
    """A writer of a build's articles."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._metadata = self.enter_context((folder / _METADATA).open("w", encoding="utf-8"))
        self._texts = self.enter_context((folder / _TEXTS).open("wb"))

    def add(self, article: Article) -> None:
        """Append an article."""
        first = self._texts.tell()
        self._texts.write(article.text.encode())
        line = {**article.to_json(), "text": [first, self._texts.tell()]}
        self._metadata.write(json.dumps(line, ensure_ascii=False) + "\n")


def article_texts(folder: Path) -> Lazy[str]:
    """The texts of the articles of a build of any format, by row. Raises as a BuildCatalogue does."""
    spans = [json.loads(line)["text"] for line in (folder / _METADATA).read_bytes().split(b"\n") if line]
    with (folder / _TEXTS).open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @lru_cache(maxsize=1)  # passages come in the order of their articles
    def text(row: int) -> str:
        first, end = spans[row]
        return content[first:end].decode()

    return Lazy(len(spans), text)


class BuildCatalogue(Catalogue):
    """The articles of a build. Texts are read on demand, which may raise DamagedIndex.

    Raises ValueError for a malformed list of articles.
    """

    def __init__(self, folder: Path) -> None:
        lines = [json.loads(line) for line in (folder / _METADATA).read_bytes().split(b"\n") if line]
        if any(set(line) != _FIELDS for line in lines):
            raise ValueError(f"{_METADATA} has other fields")
        super().__init__(lines)
        self._folder = folder
        with (folder / _TEXTS).open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._read = lru_cache(maxsize=_CACHED_ARTICLES)(self._article)

    def __getitem__(self, row: int) -> Article:
        return self._read(row)

    def _article(self, row: int) -> Article:
        line = self._lines[row]
        try:
            first, end = line["text"]
            return Article.from_json({**line, "text": self._bytes[first:end].decode()})
        except (ValueError, TypeError) as error:
            raise DamagedIndex(f"{self._folder} is damaged ({line['id']}: {error}). {REBUILD} --force") from error
