"""Articles of a build: a line of JSON metadata each, and all texts in one memory-mapped file."""

import dataclasses
import json
import mmap
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.articles.article import Article
from index.articles.catalogue import Catalogue
from index.errors import REBUILD, DamagedIndex

_METADATA, _TEXTS = "articles.jsonl", "texts.txt"
_FIELDS = {field.name for field in dataclasses.fields(Article)}
_CACHED_ARTICLES = 512


class ArticlesWriter:
    """Writer of a build's articles; a context manager."""

    def __init__(self, folder: Path) -> None:
        with ExitStack() as files:
            self._metadata = files.enter_context((folder / _METADATA).open("w", encoding="utf-8"))
            self._texts = files.enter_context((folder / _TEXTS).open("wb"))
            self._files = files.pop_all()

    def __enter__(self) -> "ArticlesWriter":
        return self

    def __exit__(self, *error: Any) -> None:
        self._files.__exit__(*error)

    def add(self, article: Article) -> None:
        """Append an article."""
        first = self._texts.tell()
        self._texts.write(article.text.encode())
        fields = {**article.to_json(), "text": [first, self._texts.tell()]}
        self._metadata.write(json.dumps(fields, ensure_ascii=False) + "\n")


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
        fields = self._lines[row]
        try:
            first, end = fields["text"]
            return Article.from_json({**fields, "text": self._bytes[first:end].decode()})
        except (ValueError, TypeError) as error:
            raise DamagedIndex(f"{self._folder} is damaged ({fields['id']}: {error}). {REBUILD} --force") from error
