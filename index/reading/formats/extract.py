"""What a format's reader takes out of a file, with an account of every character that it leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.articles.article import BlockKind


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself; an unknown field is empty, never guessed."""

    title: str = ""
    publisher: str = ""
    published: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """The blocks of a text in order.

    `characters` are all visible ones of the file's text, counted apart from the blocks; `skipped`
    gives how many were left out on purpose, by reason. `repeated` stand in the file once and in
    the blocks again: names of a table's columns. `pages` is as an article has it, `blank_pages`
    are the numbers of those without text, each with what is there instead. `declared` are names of
    metadata that the file seems to hold.
    """

    blocks: Sequence[tuple[BlockKind, str]]
    characters: int
    header: Header = Header()
    skipped: Mapping[str, int] = field(default_factory=dict)
    repeated: int = 0
    pages: tuple[int, ...] = ()
    blank_pages: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    declared: Sequence[str] = ()
