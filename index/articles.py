"""Articles: the records that everything else is a span of."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

BlockKind: TypeAlias = Literal["heading", "paragraph", "item", "row", "code"]

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that an article rests on. Unknown fields are empty strings."""

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
class Article:
    """One source text in its canonical, readable form.

    `text` is NFC; every offset in this project counts Unicode code points of it.
    `published` is `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or empty. `sha256` is the hex digest of
    the file's bytes (of the record's, where many articles share a file).
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


def is_date(value: str) -> bool:
    """Whether `value` is a real calendar year, month or day in ISO form."""
    match = _PARTIAL_DATE.fullmatch(value)
    if not match:
        return False
    year, month, day = match.groups(default="01")
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def join_blocks(pieces: list[tuple[BlockKind, str]]) -> tuple[str, tuple[Block, ...]]:
    """Put the pieces under each other, a line break between, and say where each one lies."""
    blocks, position = [], 0
    for kind, text in pieces:
        blocks.append(Block(kind, position, position + len(text)))
        position += len(text) + 1
    return "\n".join(text for _, text in pieces), tuple(blocks)
