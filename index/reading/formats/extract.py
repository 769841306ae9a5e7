"""The result of a format adapter: blocks of text, with an account of every character left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.articles.article import BlockKind, Place, clean


@dataclass(frozen=True, slots=True)
class Header:
    """The metadata in a file itself; an unknown field is empty, never guessed."""

    title: str = ""
    publisher: str = ""
    published: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in another file, by its path there; with a `fault` it cannot be read, and its text `is_lost` or none.

    A file of a kind that is not read has no content.
    """

    name: str
    content: bytes = b""
    fault: str = ""
    is_lost: bool = True


@dataclass(frozen=True, slots=True)
class Extract:
    """The blocks of a text in order.

    `characters` is the number of visible characters of the file's text, counted apart from the blocks;
    `skipped` counts characters left out on purpose, by reason; `repeated` counts extra repetitions in
    the blocks, such as column names in every row. `pages` and `places` are as in `Article`. `blank_pages` maps pages
    without text to their content. `declared` are names of metadata that the file seems to have.
    `recognised` are pages whose text a program has read from a picture. `missing` names parts that are known to
    have text which cannot be read, such as scanned pages.
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
    missing: Sequence[str] = ()
    places: tuple[tuple[int, Place], ...] = ()
    recognised: tuple[int, ...] = ()


def placed(pieces: Iterable[tuple[str, Place]]) -> tuple[tuple[int, Place], ...]:
    """The `places` of an article whose blocks have these texts, each with its place."""
    starts: list[tuple[int, Place]] = []
    position = 0
    for piece, place in pieces:
        if text := clean(piece).strip():  # as `join_blocks` does
            if not starts or starts[-1][1] != place:
                starts.append((position, place))
            position += len(text) + 1
    return tuple(starts)
