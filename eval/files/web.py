"""Trafilatura's evaluation set of web pages: text that an article must have, and text that it must not have."""

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import BadArticle, UserError
from index.reading.files import MAX_FILE_BYTES
from index.reading.formats.parsers import Parsers
from index.reading.loader import read_article

_FOLDERS = ("cache", "eval")  # of the pages
_NAMES = ("evaldata.json", "evaldata.py")  # of the list of pages; the second is that of older sets


class NoPages(UserError):
    """A folder is no evaluation set of web pages."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its required and its unwanted segments."""

    path: Path
    required: Sequence[str]
    unwanted: Sequence[str]


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page's missed and leaked segments; `refused` is the reason for which it was not read, or empty."""

    file: str
    required: int
    unwanted: int
    missed: Sequence[str]
    leaked: Sequence[str]
    refused: str = ""


def read_pages(folder: Path) -> list[Page]:
    """The pages of the set in a folder, or in its `tests`; those without a file are left out. Raises NoPages."""
    lists = [place / name for place in (folder, folder / "tests") for name in _NAMES]
    listed = next((path for path in lists if path.is_file()), None)
    if listed is None:
        raise NoPages(
            f"no {_NAMES[0]} in {folder}. Get trafilatura's source and name its tests: "
            "git clone https://github.com/adbar/trafilatura && python -m eval web trafilatura/tests"
        )
    pages = []
    for item in _items(listed):
        paths = (listed.parent / place / item["file"] for place in _FOLDERS)
        if (path := next((path for path in paths if path.is_file()), None)) is not None:
            pages.append(Page(path, item["with"], item["without"]))
    if not pages:
        raise NoPages(f"none of the pages of {listed} is there. Get its folders {' and '.join(_FOLDERS)} too")
    return pages


def _items(listed: Path) -> Sequence[Mapping[str, Any]]:
    """The entries of a list of pages. Raises NoPages."""
    try:
        text = listed.read_text("utf-8")
        data = json.loads(text) if listed.suffix == ".json" else ast.literal_eval(text[text.index("= {") + 2 :])
        return [{"file": item["file"], "with": item["with"], "without": item["without"]} for item in data.values()]
    except (ValueError, SyntaxError, KeyError, TypeError, AttributeError) as error:
        raise NoPages(f"{listed} is no list of pages with file, with and without. Get the file again") from error


def measure(pages: Iterable[Page]) -> Iterator[PageResult]:
    """The result of each page, read as by a build."""
    with Parsers() as parsers:
        for page in pages:
            text, refused = "", ""
            try:
                path = page.path
                text = read_article(path, path.stem, MAX_FILE_BYTES, parse=parsers.extract).article.text
            except BadArticle as error:
                refused = str(error)
            text = _folded(text)
            missed = [segment for segment in page.required if _folded(segment) not in text]
            leaked = [segment for segment in page.unwanted if _folded(segment) in text]
            yield PageResult(page.path.name, len(page.required), len(page.unwanted), missed, leaked, refused)


def _folded(text: str) -> str:
    return " ".join(text.split())


def summary(results: Sequence[PageResult]) -> dict[str, int | float]:
    """The recall of required segments, and the numbers of unwanted segments and refused pages."""
    required = sum(result.required for result in results)
    missed = sum(len(result.missed) for result in results)
    return {
        "pages": len(results),
        "required": required,
        "recall": round(1 - missed / max(required, 1), 4),
        "segments": sum(result.unwanted for result in results),
        "unwanted": sum(len(result.leaked) for result in results),
        "refused": sum(bool(result.refused) for result in results),
    }
