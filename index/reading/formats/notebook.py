"""Jupyter notebooks to text: what their author has written, without the outputs of programs."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.articles.article import BlockKind, clean, visible
from index.errors import BadArticle
from index.reading.access import head_of, keys_of
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import markdown_extract, tidy

_OUTPUTS = "outputs of programs"
_NO_NOTEBOOK = "no notebook that can be read: {}. Save it anew with Jupyter"


def notebook_extract(source: str) -> Extract:
    """The cells of a notebook: Markdown as text, programs and raw text as code; outputs are skipped and counted.

    The count of characters is of the strings of the file, before anything is read from them. Raises BadArticle if it
    is no notebook.
    """
    notebook = _notebook(source)
    blocks: list[tuple[BlockKind, str]] = []
    characters, skipped, repeated = 0, Counter[str](), 0
    declared = list(_strings(list(notebook["metadata"])))
    for cell in notebook["cells"]:
        kind, text = cell.get("cell_type"), clean("".join(_strings(cell.get("source", cell.get("input")))))
        if kind == "markdown":
            extract = markdown_extract(text)
            blocks += extract.blocks
            characters, repeated = characters + extract.characters, repeated + extract.repeated
            skipped.update(extract.skipped)
        else:
            blocks.append(("heading" if kind == "heading" else "code", tidy(text)))
            characters += visible(text)
        declared += [] if kind == "code" else keys_of(head_of(text))
        printed = visible("".join(_outputs(cell.get("outputs"))))
        skipped[_OUTPUTS] += printed
        characters += printed
    title = next((" ".join(text.split()) for kind, text in blocks if kind == "heading"), "")
    named = notebook["metadata"].get("title")
    header = Header(title or (" ".join(named.split()) if isinstance(named, str) else ""))
    return Extract(blocks, characters, header, +skipped, repeated, declared=declared)


def _notebook(source: str) -> dict[str, Any]:
    """The notebook with its cells in one list, also if an older program has written it."""
    try:
        notebook = json.loads(source)
    except RecursionError as error:
        raise BadArticle(_NO_NOTEBOOK.format("its lists or maps lie too deep in each other")) from error
    except ValueError as error:
        raise BadArticle(_NO_NOTEBOOK.format(f"it is not JSON ({error})")) from error
    sheets = notebook.get("worksheets", [notebook]) if isinstance(notebook, dict) else []
    parts = [sheet.get("cells") if isinstance(sheet, dict) else None for sheet in _listed(sheets)]
    cells = [cell for part in parts for cell in _listed(part)]
    if not cells or not all(isinstance(cell, dict) for cell in cells):
        raise BadArticle(_NO_NOTEBOOK.format("it has no cells"))
    metadata = notebook.get("metadata")
    return {"cells": cells, "metadata": metadata if isinstance(metadata, dict) else {}}


def _outputs(outputs: object) -> Iterator[str]:
    """The texts of outputs: what was printed, a result in its plainest form, an error."""
    for output in _listed(outputs):
        if not isinstance(output, dict):
            continue
        data: dict[str, Any] = output["data"] if isinstance(output.get("data"), dict) else output
        texts = {"text/plain": data.get("text"), **{kind: text for kind, text in data.items() if "text/" in kind}}
        yield from next(filter(None, (list(_strings(text)) for text in texts.values())), [])
        yield from _strings(output.get("traceback"))


def _strings(value: object) -> Iterator[str]:
    """A text, or the texts in a list."""
    yield from (part for part in ([value] if isinstance(value, str) else _listed(value)) if isinstance(part, str))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
