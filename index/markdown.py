"""Markdown to readable text: the marks go, every visible word stays."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.articles import BlockKind
from index.sentences import is_cjk

# HTML stays switched off, so a tag in an article is text like any other and nothing is lost.
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def markdown_blocks(source: str) -> list[tuple[BlockKind, str]]:
    """The readable blocks of a Markdown text, in order, none of them empty.

    A table row becomes one line that names its columns: `Year: 2024; Share: 6.9%`.
    """
    tokens = _PARSER.parse(source)
    blocks = list(_blocks(tokens))
    return [(kind, text) for kind, text in blocks if text]


def _blocks(tokens: list[Token]) -> Iterator[tuple[BlockKind, str]]:
    kind: BlockKind = "paragraph"
    in_item = 0
    header: list[str] = []
    cells: list[str] = []
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
            case "th_open" | "td_open":
                kind = "row"
            case "inline" if kind == "row":
                cells.append(_inline(token))
            case "inline":
                yield kind, _inline(token)
            case "thead_close":
                header, cells = cells, []
                yield "row", "; ".join(cell for cell in header if cell)
            case "tr_close" if header and cells:
                yield "row", _row(header, cells)
                cells = []
            case "fence" | "code_block":
                yield "code", _lines(token.content)


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
    first, *rest = text.split("\N{LINE SEPARATOR}")
    for line in rest:
        tight = first[-1:] and line[:1] and is_cjk(first[-1]) and is_cjk(line[0])
        first = first + line if tight else f"{first.rstrip()} {line.lstrip()}"
    return first


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
