"""Our own benchmark of reading files: text, order, title and date of files whose content is known.

Beside each file lies `FILE.json`, a list with an object for each of its articles: `title`, `published` and `text`,
a list of paragraphs.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import LCSseq

from index.articles.article import Article, clean
from index.errors import UserError
from index.passages.sentences import is_cjk
from index.reading.folder import read_folder
from index.reading.formats.members import holders

_WORDS = re.compile(r"[^\W_]+")


class NoFixtures(UserError):
    """A folder has no files whose content is known."""


@dataclass(frozen=True, slots=True)
class Known:
    """The content of an article."""

    title: str
    published: str
    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sample:
    """An article before it is written in a format: (kind, text) with the kinds `heading`, `paragraph` and `item`."""

    name: str
    title: str
    publisher: str
    published: str
    dateline: str
    blocks: Sequence[tuple[str, str]]
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()

    @property
    def table(self) -> list[str]:
        """The rows of its table as they are to be read: each names its columns."""
        pairs = (zip(self.header, row, strict=True) for row in self.rows)
        return ["; ".join(f"{name}: {cell}" for name, cell in row) for row in pairs]

    def known(self, *first: str, table: Sequence[str] | None = None) -> list[Known]:
        """Its content, with these paragraphs first."""
        rows = self.table if table is None else table
        return [Known(self.title, self.published, [*first, *(text for _, text in self.blocks), *rows])]


@dataclass(frozen=True, slots=True)
class Score:
    """The measures of a format, shares from 0 to 1 over all words of its files.

    `order` is the longest common subsequence of words, as a share of the words that are in both texts.
    """

    format: str
    articles: int
    recall: float
    precision: float
    order: float
    title: float
    date: float


def read_known(folder: Path) -> dict[str, list[Known]]:
    """The content of each file of a folder that has a description. Raises NoFixtures."""
    known = {}
    for path in sorted(folder.rglob("*.json")):
        described = path.with_suffix("")
        if described.is_file():
            try:
                items = json.loads(path.read_text("utf-8"))
                known[described.relative_to(folder).as_posix()] = [Known(**item) for item in items]
            except (ValueError, TypeError) as error:
                raise NoFixtures(f'{path} is no list of {{"title", "published", "text"}}. Mend it') from error
    if not known:
        raise NoFixtures(f"no files with a description in {folder}. Make some: python -m eval files --example {folder}")
    return known


def scores(folder: Path) -> list[Score]:
    """The score of each format, by name, and of all of them. Raises NoFixtures, BadFolder."""
    known = read_known(folder)
    read: dict[str, list[Article]] = {name: [] for name in known}
    for article in read_folder(folder).articles:
        for name in {article.file, *holders(article.file)} & read.keys():
            read[name].append(article)
    rows: dict[str, list[tuple[int, ...]]] = {}
    for name, articles in known.items():
        for number, one in enumerate(articles):
            found = read[name][number] if number < len(read[name]) else None
            rows.setdefault(Path(name).suffix[1:].lower(), []).append(_counts(one, found))
    every = [counts for each in rows.values() for counts in each]
    return [_score(kind, counts) for kind, counts in (*sorted(rows.items()), ("all", every))]


def _counts(known: Known, article: Article | None) -> tuple[int, ...]:
    """Words that are known, read, in both, and in both in order; 1 for a right title, and for a right date."""
    words, found = _words("\n".join(known.text)), _words(article.text if article else "")
    both = (Counter(words) & Counter(found)).total()
    title, date = (" ".join(article.title.split()), article.published) if article else ("", "")
    is_titled, is_dated = title == known.title, date == known.published
    return len(words), len(found), both, LCSseq.similarity(words, found), int(is_titled), int(is_dated)


def _words(text: str) -> list[str]:
    """The words of a text; a character of a script without spaces is a word."""
    words = _WORDS.findall(clean(text).casefold())
    return [part for word in words for part in (word if is_cjk(word) else [word])]


def _score(kind: str, counts: Sequence[tuple[int, ...]]) -> Score:
    known, found, both, ordered, titles, dates = (sum(column) for column in zip(*counts, strict=True))
    shares = (both / max(known, 1), both / max(found, 1), ordered / max(both, 1))
    return Score(kind, len(counts), *shares, titles / len(counts), dates / len(counts))


def table(rows: Sequence[Score]) -> str:
    """The scores as a Markdown table."""
    lines = ["| format | articles | recall | precision | order | title | date |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        shares = (row.recall, row.precision, row.order, row.title, row.date)
        lines.append(f"| {row.format} | {row.articles} | {' | '.join(f'{share:.3f}' for share in shares)} |")
    return "\n".join(lines)


def description(articles: Sequence[Known]) -> str:
    """The content of the file `FILE.json` beside a file with these articles."""
    items: list[dict[str, Any]] = [
        {"title": one.title, "published": one.published, "text": list(one.text)} for one in articles
    ]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"
