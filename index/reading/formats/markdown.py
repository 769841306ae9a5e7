"""Markdown to readable text: the marks go, every visible word stays."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.articles.article import BlockKind, clean, visible
from index.errors import BadArticle
from index.passages.sentences import is_cjk
from index.reading.formats.extract import Extract, Header

_MAX_NESTING = 100  # a list in a list counts twice
# HTML stays switched off, so a tag in an article is text like any other and nothing is lost.
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
_WORD = re.compile(r"[^\W_]+")
# Targets and labels of links, their definitions, the language of a code block, the numbers of a list.
_MARKS = re.compile(
    r"\]\([^)\n]*\)|\]\[[^\]\n]*\]|^[ >]{0,9}\[[^\]\n]+\]:.*$|^[ \t>*+-]*+(?:```+|~~~+).*$|^[ \t>*+-]*+\d+[.)](?=\s)",
    re.MULTILINE,
)


def markdown_extract(source: str) -> Extract:
    """The text of a Markdown source; its title is the first heading. Raises BadArticle as `markdown_blocks` does.

    What is skipped as marks holds no word that the parser has dropped: those stay unaccounted for.
    """
    blocks = markdown_blocks(source)
    title = next((" ".join(text.split()) for kind, text in blocks if kind == "heading"), "")
    characters, said = visible(source), "\n".join(text for _, text in blocks)
    kept = visible(said)
    dropped = sum(map(visible, unsaid_words(source, said)))
    skipped = max(0, characters - kept - dropped)
    return Extract(
        blocks,
        characters,
        Header(title),
        {"Markdown marks and link addresses": skipped},
        repeated=kept + skipped + dropped - characters,
    )


def unsaid_words(source: str, said: str) -> Iterator[str]:
    """The words of a Markdown source, marks and addresses apart, that do not stand in the text made of it.

    They are found without the parser, to check it.
    """
    position = 0
    for word in _WORD.findall(_MARKS.sub(" ", html.unescape(clean(source)))):
        found = said.find(word, position)
        if found < 0:
            found = said.find(word)  # a table's names stand in its rows again
        if found < 0:
            yield word
        position = max(position, found)


def markdown_blocks(source: str) -> list[tuple[BlockKind, str]]:
    """The readable blocks of a Markdown text, in order, none of them empty.

    A table row becomes one line that names its columns: `Year: 2024; Share: 6.9%`.
    Raises BadArticle where lists or quotations lie so deep in each other that the parser stops.
    """
    tokens = _PARSER.parse(source)
    # The parser silently drops what stands below its deepest level.
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
                yield "code", _lines(token.content)


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
    """The rows of a table, each naming its columns; a line of the names where the rows do not say them all."""
    if not body or not all(any(column) for column in zip(*body, strict=True)):
        yield "; ".join(cell for cell in header if cell)
    for cells in body:
        yield _row(header, cells)


def _row(header: list[str], cells: list[str]) -> str:
    named = [f"{name}: {cell}" if name else cell for name, cell in zip(header, cells, strict=True) if cell]
    return "; ".join(named)


def _inline(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or []:
        match child.type:
            case "softbreak":
                parts.append("\N{LINE SEPARATOR}")
            case "hardbreak":
                parts.append("\n")
            case "image":
                parts.append(_inline(child))
            case _:
                parts.append(child.content)
    return _lines(join_soft_breaks("".join(parts)))


def join_soft_breaks(text: str) -> str:
    """Undo hard wrapping (marked by U+2028): a space between words, nothing between CJK."""
    lines = [line.strip() for line in text.split("\N{LINE SEPARATOR}")]
    parts = lines[:1]
    for before, line in pairwise(lines):
        parts += [line] if _is_tight(before[-1:] + line[:1]) else [" ", line]
    return "".join(parts)


def _is_tight(neighbours: str) -> bool:
    """Whether both characters are set without spaces: curly quotes and dashes are so beside CJK."""
    found = [is_cjk(character) for character in neighbours]
    return (
        len(found) == 2 and any(found) and all(cjk or c in "“”‘’…—" for cjk, c in zip(found, neighbours, strict=True))
    )


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
