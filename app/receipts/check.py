"""The check of a receipt against a folder of articles: whether its article still says so."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from app.receipts.receipt import Receipt
from index.articles.article import Article
from index.reading.access import Inherited
from index.reading.files import ANY_SIZE, BARE_SUFFIXES
from index.reading.folder import check_folder
from index.reading.formats.parsers import Parsers
from index.reading.loader import Reading
from index.reading.places.folders import Place
from index.reading.places.reader import Reader
from index.reading.walk import walk

Standing: TypeAlias = Literal["same", "still", "otherwise", "gone"]
"""The article is as it was; has changed, but still holds the quote; holds it no more; is not there."""


def standing(receipt: Receipt, folder: Path) -> Standing:
    """The standing of a receipt's article in a folder. Only the article's file is read. Raises BadFolder."""
    check_folder(folder)
    article = next((each for each in _articles(receipt.article, folder) if each.id == receipt.article), None)
    if article is None:
        return "gone"
    if receipt.quote not in article.text:
        return "otherwise"
    is_there = article.text[receipt.start : receipt.end] == receipt.quote
    return "same" if article.sha256 == receipt.file_sha256 and is_there else "still"


def _articles(article_id: str, folder: Path) -> Iterator[Article]:
    """The articles of the files that can hold one with this id; the name of the folder may begin it."""
    found, inherited = walk(folder), Inherited(folder)
    with Parsers() as parsers:
        for name in ("", unicodedata.normalize("NFC", folder.resolve().name)):
            place = Place(name, folder)
            reader = Reader(place, ANY_SIZE, parsers, inherited, found.patterns, Counter())
            for path in found.candidates:
                if _may_hold(place.full(path.relative_to(folder).as_posix()), article_id):
                    yield from (each.article for each in reader.read(path) if isinstance(each, Reading))


def _may_hold(file: str, article_id: str) -> bool:
    name = unicodedata.normalize("NFC", file)
    bare = next((name.removesuffix(suffix) for suffix in BARE_SUFFIXES if name.lower().endswith(suffix)), name)
    return article_id in (name, name[: len(bare)]) or article_id.startswith(f"{name}/")
