"""Markdown to readable text: without marks, but with every visible word."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile, zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.articles.article import BlockKind, clean, visible
from index.errors import BadArticle
from index.passages.sentences import is_cjk
from index.reading.formats.extract import Extract, Header

_MAX_NESTING = 100  # a list in a list counts twice
# HTML is disabled, so tags in an article are ordinary text and nothing is lost.
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
_WORD = re.compile(r"[^\W_]+")
# Targets and labels of links, link definitions, languages of code blocks, list numbers.
_MARKS = re.compile(
    r"\]\([^)\n]*\)|\]\[[^\]\n]*\]|^[ >]{0,9}\[[^\]\n]+\]:.*$|^[ \t>*+-]*+(?:```+|~~~+).*$|^[ \t>*+-]*+\d+[.)](?=\s)",
    re.MULTILINE,
)


def markdown_extract(source: str) -> Extract:
    """The text of a Markdown source, with the first heading as title. Raises BadArticle as `markdown_blocks` does.

    Words that the parser has dropped do not count as skipped marks, so they show up as lost.
    """
    blocks = markdown_blocks(source)
    title = next((" ".join(text.split()) for kind, text in blocks if kind == "heading"), "")
    text = "\n".join(text for _, text in blocks)
    characters, accounted = visible(source), visible(text) + sum(map(visible, dropped_words(source, text)))
    skipped = {"Markdown marks and link addresses": max(0, characters - accounted)}
    return Extract(blocks, characters, Header(title), skipped, repeated=max(0, accounted - characters))


def dropped_words(source: str, text: str) -> Iterator[str]:
    """The words of a Markdown source, without marks and addresses, that are missing from its extracted `text`.

    Independent of the parser, as a check of it.
    """
    position = 0
    for word in _WORD.findall(_MARKS.sub(" ", html.unescape(clean(source)))):
        start = text.find(word, position)
        if start < 0:
            start = text.find(word)  # a table repeats its column names
        if start < 0:
            yield word
        position = max(position, start)


def markdown_blocks(source: str) -> list[tuple[BlockKind, str]]:
    """The readable, non-empty blocks of a Markdown text, in order.

    A table row becomes one line with the names of its columns: `Year: 2024; Share: 6.9%`.
    Raises BadArticle if lists or quotations are nested beyond the parser's limit.
    """
    tokens = _PARSER.parse(source)
    # The parser silently drops text below its deepest level.
    if any(token.level >= _MAX_NESTING - 1 for token in tokens if token.type in ("blockquote_open", "list_item_open")):
        raise BadArticle(f"lists or quotations lie over {_MAX_NESTING // 2} deep in each other. Flatten them")
    return [(kind, text) for kind, text in _blocks(iter(tokens)) if text]


def _blocks(tokens: Iterator[Token]) -> Iterator[tuple[BlockKind, str]]:
    kind: BlockKind = "paragraph"
    in_item = 0
    for token in tokens:
        match token.type:
            case "list_item_open":
                in_item += 1
            case "list_item_close":
                in_item -= 1
            case "heading_open":
                kind = "heading"
            case "paragraph_open":
                kind = "item" if in_item else "paragraph"
            case "table_open":
                yield from _table(takewhile(lambda token: token.type != "table_close", tokens))
            case "inline":
                yield kind, _inline(token)
            case "fence" | "code_block":
                yield "code", tidy(token.content)


def _table(tokens: Iterable[Token]) -> Iterator[tuple[BlockKind, str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    for row in table_rows(rows[0], rows[1:]):
        yield "row", row


def table_rows(header: list[str], body: list[list[str]]) -> Iterator[str]:
    """The rows of a table with column names, after a line of the names if the rows do not use them all."""
    columns = list(zip_longest(header, *body, fillvalue=""))
    if header and not all(any(cells) for _, *cells in columns):
        yield "; ".join(filter(None, header))
    for cells in body:
        named = zip_longest(header, cells, fillvalue="")
        yield "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)


def _inline(token: Token) -> str:
    breaks = {"softbreak": "\N{LINE SEPARATOR}", "hardbreak": "\n"}
    children = token.children or []
    parts = (_inline(child) if child.type == "image" else breaks.get(child.type, child.content) for child in children)
    return tidy(join_soft_breaks("".join(parts)))


def tidy(text: str) -> str:
    """The lines of a text with single spaces, without empty lines."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def join_soft_breaks(text: str) -> str:
    """Undo hard wrapping (marked by U+2028) with a space between words and nothing between CJK."""
    lines = [line.strip() for line in text.split("\N{LINE SEPARATOR}")]
    parts = lines[:1]
    for before, line in pairwise(lines):
        parts += [line] if _is_tight(before[-1:] + line[:1]) else [" ", line]
    return "".join(parts)


def _is_tight(neighbours: str) -> bool:
    """Whether both characters are set without spaces, as are curly quotes and dashes next to CJK."""
    are_cjk = [is_cjk(character) for character in neighbours]
    return (
        len(are_cjk) == 2
        and any(are_cjk)
        and all(cjk or c in "“”‘’…—" for cjk, c in zip(are_cjk, neighbours, strict=True))
    )
