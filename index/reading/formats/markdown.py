"""Markdown to readable text: without marks, but with every visible word."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, takewhile, zip_longest

from markdown_it.token import Token

from index.articles.article import BlockKind, visible
from index.errors import BadArticle
from index.passages.sentences import is_cjk
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdownrules import MAX_NESTING, markdown_parser
from index.reading.formats.markdownwords import dropped_words

_PARSER = markdown_parser()
_NESTED = ("blockquote_open", "list_item_open", "footnote_reference_open")


@dataclass(slots=True)
class _Account:
    """The texts of a source: shown (each cell of a table once), struck out, and commented out."""

    shown: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def markdown_extract(source: str) -> Extract:
    """The text of a Markdown source, with the first heading as title. Raises BadArticle as `markdown_blocks` does.

    Words that the parser has dropped do not count as skipped marks, so they show up as lost.
    """
    account = _Account()
    blocks = _read(source, account)
    title = next((" ".join(text.split()) for kind, text in blocks if kind == "heading"), "")
    shown, struck, comments = (visible("\n".join(texts)) for texts in (account.shown, account.struck, account.comments))
    dropped = sum(map(visible, dropped_words(source, "\n".join(account.shown))))
    characters = visible(source)
    marks = characters - shown - struck - comments - dropped
    skipped = {"Markdown marks and link addresses": max(0, marks), "struck text": struck, "comments": comments}
    # An entity in code counts as its character in the source, and as its letters in the text.
    repeated = max(0, visible("\n".join(text for _, text in blocks)) - shown) + max(0, -marks)
    return Extract(blocks, characters, Header(title), skipped, repeated)


def markdown_blocks(source: str) -> list[tuple[BlockKind, str]]:
    """The readable, non-empty blocks of a Markdown text, in order.

    A table row becomes one line with the names of its columns: `Year: 2024; Share: 6.9%`.
    Raises BadArticle if lists or quotations are nested beyond the parser's limit.
    """
    return _read(source, _Account())


def _read(source: str, account: _Account) -> list[tuple[BlockKind, str]]:
    tokens = _PARSER.parse(source)
    # The parser silently drops text below its deepest level.
    if any(token.level >= MAX_NESTING - 1 for token in tokens if token.type in _NESTED):
        raise BadArticle(f"lists or quotations lie over {MAX_NESTING // 2} deep in each other. Flatten them")
    return [(kind, text) for kind, text in _blocks(iter(tokens), account) if text]


def _blocks(tokens: Iterator[Token], account: _Account) -> Iterator[tuple[BlockKind, str]]:
    kind: BlockKind = "paragraph"
    in_item = 0
    number = ""  # of the next block
    for token in tokens:
        text, own = "", kind
        match token.type:
            case "list_item_open":
                in_item += 1
                number += f"{token.info}{token.markup} " if token.info else ""
            case "list_item_close":
                in_item -= 1
                text, own = (number.strip(), "item") if number else ("", kind)
            case "footnote_reference_open":
                number += f"[^{token.meta['label']}]: "
            case "heading_open":
                kind = "heading"
            case "paragraph_open":
                kind = "item" if in_item else "paragraph"
            case "table_open":
                yield from _table(takewhile(lambda token: token.type != "table_close", tokens), account)
            case "inline":
                text = f"{number}{_inline(token, account)}".strip()
            case "fence" | "code_block" | "math_block":
                text, own = f"{number}{tidy(token.content)}".strip(), "code"
            case "comment":
                account.comments.append(token.content)
        if text:
            account.shown.append(text)
            yield own, text
            number = ""


def _table(tokens: Iterable[Token], account: _Account) -> Iterator[tuple[BlockKind, str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token, account))
            account.shown.append(rows[-1][-1])
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


def _inline(token: Token, account: _Account) -> str:
    parts: list[str] = []
    struck: list[str] = []
    depth = 0
    for child in token.children or []:
        depth += {"s_open": 1, "s_close": -1}.get(child.type, 0)
        (struck if depth else parts).append(_shown(child, account))
    account.struck += struck
    return tidy(join_soft_breaks("".join(parts)))


def _shown(child: Token, account: _Account) -> str:
    match child.type:
        case "image":
            return _inline(child, account)
        case "comment":
            account.comments.append(child.content)
            return ""
        case "softbreak":
            return "\N{LINE SEPARATOR}"
        case "hardbreak":
            return "\n"
    return child.content


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
