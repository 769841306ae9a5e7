"""reStructuredText, and its account held against the words of the source without marks."""

import time
from pathlib import Path

import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.restructured import restructured_extract
from index.reading.formats.restructuredwords import dropped_words


def lost(extract: Extract) -> int:
    shown = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    return extract.characters - sum(extract.skipped.values()) - shown


GRID = """\
+------+-------+
| Port | Share |
+======+=======+
| Hull | 5     |
|      +-------+
|      | 6     |
+------+-------+
"""
LISTS = "3. Three\n4. Four\n\n   a) sub\n\niv) odd\n\n* dot\n\n"
LISTS += "term : kind\n   meaning\n\n-a FILE  an option\n\n:Field: its text\n"
NOTES = "Seen [#]_ and [2]_ as [Lee]_ says.\n\n.. [#] First\n.. [2] Second\n.. [Lee] Book\n"


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("Title *x*\n=========\n\nSome *soft*\nwrap, **2*3** and ``c*d``.\n",
         ["Title x", "Some soft wrap, 2*3 and c*d."]),
        (LISTS, ["3. Three", "4. Four", "a) sub", "iv) odd", "dot", "term : kind", "meaning", "-a FILE: an option",
                 "Field: its text"]),
        (GRID, ["Port: Hull; Share: 5", "Port: Hull; Share: 6"]),
        ("=== ===\nA   B\n=== ===\n1   2\n=== ===\n", ["A: 1; B: 2"]),
        ('.. csv-table:: Caught\n   :header: "Fish","Tons"\n\n   cod,5\n', ["Caught", "Fish: cod; Tons: 5"]),
        (NOTES, ["Seen [1] and [2] as [Lee] says.", "[1] First", "[2] Second", "[Lee] Book"]),
        (".. note:: Be careful\n\n.. warning::\n   Of tides\n", ["Be careful", "Of tides"]),
        (".. code-block:: python\n   :linenos:\n\n   x = 1\n\n   y = 2\n\nThus::\n\n   ebb\n",
         ["x = 1\ny = 2", "Thus:", "ebb"]),
        (".. versionadded:: 3.5\n   :opt: v\n\n   The *new* one.\n", ["3.5", "The new one."]),
        ("See :ref:`the rules <rules>` and :py:class:`~a.B`, `here <http://x.example/a>`_.\n",
         ["See the rules and a.B, here."]),
        ("10\\ :sup:`6` of H\\ :sub:`2`\\ O\n", ["10⁶ of H₂O"]),
        ("| one\n| two\n\n   quoted\n\n   -- Author\n", ["one\ntwo", "quoted", "Author"]),
        (".. figure:: a.png\n   :alt: A pier\n\n   Caption\n", ["A pier", "Caption"]),
        ("|v| is out\n\n.. |v| replace:: Version two\n", ["Version two is out"]),
        ("On |today|\n\n.. |today| date::\n", ["On |today|"]),
        ("Text\n\n+---+\n| broken\n+---+\n", ["Text", "+---+\n| broken\n+---+"]),
    ],
)  # fmt: skip
def test_text_is_read_without_its_marks(source: str, blocks: list[str]) -> None:
    extract = restructured_extract(source)
    assert ([text for _, text in extract.blocks], lost(extract)) == (blocks, 0)


def test_a_word_that_is_not_read_counts_as_lost() -> None:
    source = (
        "Port *calls* :ref:`fell <a>`\\ s, |x| `there <http://b.example>`_\n\n.. _a: http://c.example\n.. note:: So\n"
    )
    assert list(dropped_words(source, "Port calls fells, there So")) == []
    assert list(dropped_words(source, "Port calls there")) == ["fells", "So"]


def test_no_other_file_is_read_and_no_markup_of_programs_is_text(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret")
    path = tmp_path / "secret.txt"
    source = (
        f"Text\n\n.. include:: {path}\n\n.. raw:: html\n\n   <b>x</b>\n\n.. literalinclude:: {path}\n\n"
        f".. raw:: html\n   :file: {path}\n\n.. A remark\n"
    )
    extract = restructured_extract(source)
    assert ([text for _, text in extract.blocks], lost(extract)) == (["Text"], 0)
    assert extract.notes == [f"files that it includes are read only as files of the folder: {path}, {path}"[:260]]
    assert extract.skipped["comments and raw markup"] == visible(f"{path}<b>x</b>html{path}html A remark")
    table = restructured_extract(f".. csv-table:: Caught\n   :file: {path}\n")
    assert "Secret" not in "".join(text for _, text in table.blocks)


def test_groups_in_a_list_of_fields_are_named_so_that_they_cannot_be_overlooked() -> None:
    extract = restructured_extract("Tides\n=====\n\n:Author: Me\n:groups: hr\n\nText\n")
    assert (extract.header.title, extract.declared) == ("Tides", ["Author", "groups"])


def test_a_role_of_one_file_does_not_exist_in_the_next() -> None:
    assert restructured_extract(".. role:: sup\n\n2\\ :sup:`n`\n").blocks == [("paragraph", "2n")]
    assert restructured_extract("2\\ :sup:`n`\n").blocks == [("paragraph", "2ⁿ")]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "".join(" " * depth + "x\n\n" for depth in range(600)),
            "lists or quotations lie too deep in each other. Flatten them",
        ),
        ("- " * 1_000 + "x", "lists or quotations lie too deep in each other. Flatten them"),
        ("a " * 60_000, "a line has over 100,000 characters. Break it"),
        (
            "".join(f".. |a{n}| replace:: {f'|a{n + 1}| ' * 10}\n" for n in range(8)) + "\n|a0|\n",
            "its substitutions stand for each other too many times. Write them out",
        ),
    ],
    ids=["quotations", "lists", "line", "substitutions"],
)
def test_a_source_beyond_the_bounds_is_named(source: str, reason: str) -> None:
    with pytest.raises(BadArticle) as caught:
        restructured_extract(source)
    assert str(caught.value) == reason


@pytest.mark.parametrize("number", ["xl", "xlix", "cmxc"])
def test_roman_numbers_of_a_list_are_those_of_the_source(number: str) -> None:
    source = f"{number}. Mooring\n\nText.\n"
    assert restructured_extract(source).blocks[0] == ("item", f"{number}. Mooring")


def test_a_long_line_without_spaces_takes_linear_time() -> None:
    began = time.process_time()
    restructured_extract(f"A {'9' * 60_000} quay.\n")
    assert time.process_time() - began < 3
