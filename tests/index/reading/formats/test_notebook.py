import json
from typing import Any

import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.notebook import notebook_extract


def notebook(*cells: dict[str, Any], **more: Any) -> str:
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells, **more})


def lost(extract: Extract) -> int:
    shown = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    return extract.characters - sum(extract.skipped.values()) - shown


OUTPUTS = [
    {"output_type": "stream", "text": ["12 ships\n", "in"]},
    {"output_type": "execute_result", "data": {"text/plain": "  42", "text/html": "<b>42</b>", "image/png": "AAAA"}},
    {"output_type": "error", "traceback": ["Wrong"]},
]
CELLS = (
    {"cell_type": "markdown", "source": ["# Tides\n", "\n", "The *tide* is 2 m.\n"], "attachments": {"a": {"b": "CC"}}},
    {"cell_type": "code", "source": "count = 12\n\nprint(count)", "outputs": OUTPUTS},
    {"cell_type": "raw", "source": "As it stands"},
)


def test_cells_are_text_and_code_and_outputs_are_counted() -> None:
    extract = notebook_extract(notebook(*CELLS))
    assert extract.blocks == [
        ("heading", "Tides"),
        ("paragraph", "The tide is 2 m."),
        ("code", "count = 12\nprint(count)"),
        ("code", "As it stands"),
    ]
    assert extract.header.title == "Tides"
    assert extract.skipped == {"Markdown marks and link addresses": 3, "outputs of programs": 9 + 2 + 5}
    strings = [
        "# Tides",
        "The *tide* is 2 m.",
        "count = 12",
        "print(count)",
        "As it stands",
        "12 ships",
        "in",
        "42",
        "Wrong",
    ]
    assert (extract.characters, lost(extract)) == (sum(map(visible, strings)), 0)


def test_a_notebook_of_an_older_program_is_read() -> None:
    cells = [
        {"cell_type": "heading", "source": "Ebb"},
        {"cell_type": "code", "input": ["x = 1"], "outputs": [{"text": "1"}]},
    ]
    extract = notebook_extract(json.dumps({"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert extract.blocks == [("heading", "Ebb"), ("code", "x = 1")]
    assert (extract.skipped, lost(extract)) == ({"outputs of programs": 1}, 0)


def test_groups_in_a_notebook_are_named_so_that_they_cannot_be_overlooked() -> None:
    front = {"cell_type": "raw", "source": "---\ngroups: [hr]\n---"}
    assert notebook_extract(notebook(front)).declared == ["groups"]
    assert notebook_extract(notebook(CELLS[2], metadata={"groups": ["hr"], "title": "Own"})).declared == [
        "groups",
        "title",
    ]
    assert notebook_extract(notebook(CELLS[2], metadata={"title": " Own  one"})).header.title == "Own one"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{", "it is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))"),
        ("[1]", "it has no cells"),
        ('{"cells": [1]}', "it has no cells"),
        ('{"worksheets": [7, {"cells": {}}]}', "it has no cells"),
        ('{"cells":' + "[" * 100_000, "its lists or maps lie too deep in each other"),
    ],
)
def test_a_file_that_is_no_notebook_is_named(source: str, reason: str) -> None:
    with pytest.raises(BadArticle) as caught:
        notebook_extract(source)
    assert str(caught.value) == f"no notebook that can be read: {reason}. Save it anew with Jupyter"


def test_odd_values_are_passed_over() -> None:
    cell = {"cell_type": 5, "source": {"a": 1}, "outputs": [[], {"data": 7, "text": {}}, {"text": 9}]}
    extract = notebook_extract(notebook(cell, {}, CELLS[2], metadata=[]))
    assert ([text for _, text in extract.blocks if text], lost(extract)) == (["As it stands"], 0)
