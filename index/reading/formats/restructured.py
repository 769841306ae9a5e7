"""reStructuredText to readable text: without marks, but with every visible word."""

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree

from index.articles.article import BlockKind, clean, visible
from index.errors import BadArticle
from index.reading.formats.docxnumbers import formatted
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import join_soft_breaks, table_rows, tidy
from index.reading.formats.raised import lifted, lowered
from index.reading.formats.restructuredwords import dropped_words, expansion, included, register

_LONGEST = 100_000  # characters of a line, also of one that stands for many
_MOST_TIMES = 10_000
_SETTINGS: dict[str, Any] = {
    "_disable_config": True,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "warning_stream": False,
}
_SETTINGS |= {"report_level": 5, "halt_level": 6, "doctitle_xform": False, "docinfo_xform": False}
_SETTINGS |= {"smart_quotes": False, "syntax_highlight": "none", "line_length_limit": _LONGEST}
_CODE = (nodes.literal_block, nodes.doctest_block, nodes.math_block)
_UNSEEN = (nodes.comment, nodes.substitution_definition, nodes.target, nodes.raw, nodes.meta, nodes.label)
_MARKS, _COMMENTS = "reStructuredText marks and link addresses", "comments and raw markup"
_SUBSTITUTION = re.compile(r"\.\. \|")
_STYLES = {
    "loweralpha": "lowerLetter",
    "upperalpha": "upperLetter",
    "lowerroman": "lowerRoman",
    "upperroman": "upperRoman",
}


def restructured_extract(source: str) -> Extract:
    """The text of a reStructuredText source, with the first heading as title; no other file is read for it.

    Words that the parser has dropped do not count as skipped marks, so they show up as lost. Raises BadArticle if
    lists, quotations or tables lie too deep in each other, and for lines over 100,000 characters.
    """
    if any(len(line) > _LONGEST for line in source.split("\n")):
        raise BadArticle(f"a line has over {_LONGEST:,} characters. Break it")
    if expansion(source) > _MOST_TIMES:
        raise BadArticle("its substitutions stand for each other too many times. Write them out")
    register(source)
    try:
        tree = publish_doctree(source, settings_overrides=dict(_SETTINGS))
        comments = visible("\n".join(node.astext() for node in tree.findall(nodes.comment)))
        pieces = [(kind, text, again) for kind, text, again in _blocks(tree, "paragraph", [""]) if text]
    except RecursionError as error:
        raise BadArticle("lists or quotations lie too deep in each other. Flatten them") from error
    repeated, shown = sum(again for *_, again in pieces), "\n".join(text for _, text, _ in pieces)
    dropped = sum(map(visible, dropped_words(source, shown, comments=tree.findall(nodes.comment))))
    characters = visible(source)
    marks = characters - (visible(shown) - repeated) - comments - dropped
    blocks = [(kind, text) for kind, text, _ in pieces]
    title = next((text for kind, text in blocks if kind == "heading"), "")
    names = ", ".join(included(source))
    notes = [f"files that it includes are read only as files of the folder: {names[:200]}"] if names else []
    declared = [node.astext() for node in tree.findall(nodes.field_name)]
    skipped = {_MARKS: max(0, marks), _COMMENTS: comments}
    return Extract(
        blocks, characters, Header(title), skipped, repeated + max(0, -marks), notes=notes, declared=declared
    )


_Pieces = Iterator[tuple[BlockKind, str, int]]


def _blocks(node: Any, kind: BlockKind, before: list[str]) -> _Pieces:
    """The blocks below a node, each with its repeated characters; `before` is put in front of the next one."""
    for child in node.children:
        match child:
            case nodes.system_message():  # the source of what cannot be parsed
                sources = (part.astext() for part in child.findall(nodes.literal_block))
                yield from (("code", tidy(text), 0) for text in sources if not _SUBSTITUTION.match(text))
            case _ if isinstance(child, _UNSEEN):
                continue
            case _ if isinstance(child, _CODE):
                yield "code", _led(before, tidy(child.astext())), 0
            case nodes.table():
                yield from _table(child)
            case nodes.line_block():
                yield kind, _led(before, tidy("\n".join(map(_text, child.findall(nodes.line))))), 0
            case nodes.title() if isinstance(node, nodes.section):
                yield "heading", " ".join(_text(child).split()), 0
            case nodes.Text():
                continue
            case nodes.TextElement() | nodes.image():
                yield kind, _led(before, _text(child)), 0
            case _:
                yield from _inside(child, kind, before)


def _inside(node: Any, kind: BlockKind, before: list[str]) -> _Pieces:
    """The blocks of a list, a note or another body of several parts."""
    match node:
        case nodes.enumerated_list():
            for number, item in enumerate(node.children, node.get("start", 1)):
                written = formatted(number, _STYLES.get(node.get("enumtype"), "decimal"))
                yield from _blocks(item, "item", [f"{before.pop()}{node['prefix']}{written}{node['suffix']} "])
                before.append("")
        case nodes.footnote() | nodes.citation():
            yield from _blocks(node, kind, [f"[{node.children[0].astext()}] "])
        case nodes.field():
            name, body = node.children
            yield from _blocks(body if body.children else node, "item", [f"{name.astext()}: " if body.children else ""])
        case nodes.option_list_item():
            options, description = node.children
            yield from _blocks(description, "item", [f"{', '.join(option.astext() for option in options.children)}: "])
        case nodes.definition_list_item():
            *names, body = node.children
            yield "item", _led(before, " : ".join(map(_text, names))), 0
            yield from _blocks(body, "item", before)
        case nodes.list_item():
            yield from _blocks(node, "item", before)
        case _:
            yield from _blocks(node, kind, before)


def _led(before: list[str], text: str) -> str:
    led, before[-1] = f"{before[-1]}{text}".strip(), ""
    return led


def _text(node: Any) -> str:
    """The text of a node; lines that were wrapped are joined."""
    return tidy(join_soft_breaks(_inline(node).replace("\n", "\N{LINE SEPARATOR}")))


def _inline(node: Any) -> str:
    if not getattr(node, "children", None):
        return str(node.astext())
    text = ""
    for child in node.children:
        match child:
            case nodes.footnote_reference() | nodes.citation_reference():
                text += f"[{child.astext()}]"
            case nodes.superscript():
                text += lifted(text, child.astext())
            case nodes.subscript():
                text += lowered(child.astext()) or child.astext()
            case _:
                text += "" if isinstance(child, nodes.comment | nodes.system_message) else _inline(child)
    return text


def _table(table: Any) -> _Pieces:
    """The rows with the names of their columns; a merged cell stands in each of its rows."""
    yield from (("paragraph", _text(title), 0) for title in table.findall(nodes.title))
    head, own = 0, 0
    grid: list[list[str]] = []
    above: dict[int, tuple[int, str]] = {}  # columns whose cell goes on
    for row in table.findall(nodes.row):
        line: list[str] = []
        for entry in [*row.children, None]:
            while above.get(len(line), (0, ""))[0]:
                left, text = above[len(line)]
                above[len(line)] = left - 1, text
                line.append(text)
            if entry is not None:
                text = " ".join(" ".join(text for _, text, _ in _blocks(entry, "paragraph", [""])).split())
                own += visible(text)
                above[len(line)] = entry.get("morerows", 0), text
                line += [text] + [""] * entry.get("morecols", 0)
        head += isinstance(row.parent, nodes.thead)
        grid.append(line)
    columns = [" ".join(filter(None, cells)) for cells in zip(*grid[:head], strict=False)] if head else [""] * 1
    lines = [line for line in table_rows(columns, grid[head:]) if line]
    again = sum(map(visible, lines)) - own
    yield from (("row", clean(line), again if number == 0 else 0) for number, line in enumerate(lines))
