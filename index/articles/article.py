"""Articles: the records that passages, sentences and quotes are spans of."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import starmap
from operator import itemgetter
from typing import Any, Literal, TypeAlias

from index.patterns import lazy, lazy_regex

BlockKind: TypeAlias = Literal["heading", "paragraph", "item", "row", "code"]
PlaceKind: TypeAlias = Literal["notes", "page", "row", "sheet", "slide"]

_LINE_BREAKS = lazy(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = lazy(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff]")
_UNSEEN = lazy_regex(r"[\s\p{M}\p{Z}\p{Cf}]+")
_PARTIAL_DATE = lazy(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that an article is based on. Unknown fields are empty strings."""

    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table row or code block: `text[start:end]`."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a file that people can find: a page, a slide or its notes by number, a row by number and sheet."""

    kind: PlaceKind
    number: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One source text in its canonical, readable form.

    `text` is NFC; every offset in this project counts Unicode code points of it.
    `published` is `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or empty. `sha256` is the hex digest of
    the file's bytes (of the record's, if many articles share a file). `file` is the path in
    the folder with `/` between its parts, also through files that hold others; `language` is a
    code such as `en`, or empty. In a file with pages, page n starts at `pages[n - 1]` of the text;
    a page without text starts where the next one does. `places` are the other parts of a file that people name, such
    as rows, each with the offset where it starts, in order. `groups` are the groups that may see it if access is by
    groups.
    `acronyms` are those that its text defines, each with its long form.
    `valid_until` is its last valid day, month or year, or empty; `supersedes` are the ids or titles of the
    articles that it replaces. `recognised` are the pages whose text a program has read from a picture.
    `changed` is the day of its file's last commit where no date is known; it is no date of publication. `fetched` is
    the day on which its text was fetched from `url`.
    """

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    sha256: str
    publisher: str = ""
    published: str = ""
    url: str = ""
    sources: tuple[Source, ...] = ()
    language: str = ""
    file: str = ""
    pages: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    acronyms: tuple[tuple[str, str], ...] = ()
    valid_until: str = ""
    supersedes: tuple[str, ...] = ()
    places: tuple[tuple[int, Place], ...] = ()
    recognised: tuple[int, ...] = ()
    changed: str = ""
    fetched: str = ""

    def page(self, offset: int) -> int | None:
        """The page, counted from 1, of the character at `offset`; None without pages."""
        return bisect_right(self.pages, offset) or None

    def place(self, offset: int) -> Place | None:
        """The place of the character at `offset`, its page if there are pages; None without places."""
        if page := self.page(offset):
            return Place("page", page)
        after = bisect_right(self.places, offset, key=itemgetter(0))
        return self.places[after - 1][1] if after else None

    def is_recognised(self, start: int, end: int) -> bool:
        """Whether a part of `text[start:end]` is on a page whose text a program has read from a picture."""
        first, last = bisect_right(self.pages, start), bisect_right(self.pages, end - 1)
        return any(first <= page <= last for page in self.recognised)

    def to_json(self) -> dict[str, Any]:
        """The fields in order as JSON has them; a block is its kind, start and end, a place its start and fields."""
        blocks = [[block.kind, block.start, block.end] for block in self.blocks]
        places = [[start, place.kind, place.number, place.name] for start, place in self.places]
        return {**asdict(replace(self, blocks=(), places=())), "blocks": blocks, "places": places}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Article":
        """The article with the fields of `to_json`. Raises KeyError, TypeError or ValueError for other ones."""
        return cls(
            **{
                **fields,
                "blocks": tuple(starmap(Block, fields["blocks"])),
                "sources": tuple(Source(**source) for source in fields["sources"]),
                "pages": tuple(map(int, fields["pages"])),
                "groups": tuple(map(str, fields["groups"])),
                "acronyms": tuple((str(short), str(long)) for short, long in fields["acronyms"]),
                "supersedes": tuple(map(str, fields["supersedes"])),
                "places": tuple((int(s), Place(k, int(n), str(name))) for s, k, n, name in fields["places"]),
                "recognised": tuple(map(int, fields["recognised"])),
            }
        )


def visible(text: str) -> int:
    """The number of visible characters; a combining mark counts with its letter.

    The number is the same before and after `clean`, and for a text and the sum of its parts.
    """
    return len(_UNSEEN.sub("", clean(text)))


def clean(content: str) -> str:
    """The text in NFC with `\\n` line breaks and without invisible characters.

    Invisible are control characters, lone surrogates, byte order marks, soft hyphens and zero-width marks.
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", content)))


def is_date(value: str) -> bool:
    """Whether `value` is a real calendar year, month or day in ISO form."""
    match = _PARTIAL_DATE.fullmatch(value)
    try:
        return bool(match and date(*map(int, match.groups(default="01"))))
    except ValueError:
        return False


def join_blocks(pieces: Iterable[tuple[BlockKind, str]]) -> tuple[str, tuple[Block, ...]]:
    """Join the cleaned pieces with line breaks: the text and the block of each piece.

    Pieces without a visible character are left out.
    """
    shown = [(kind, text) for kind, piece in pieces if (text := clean(piece).strip())]
    blocks, position = [], 0
    for kind, text in shown:
        blocks.append(Block(kind, position, position + len(text)))
        position += len(text) + 1
    return "\n".join(text for _, text in shown), tuple(blocks)
