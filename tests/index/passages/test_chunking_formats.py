"""For files of every format: a passage is a slice of its article, and every character is in one."""

import json
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.ingestion.coverage import account
from index.passages.chunking import Chunking, Passage, split
from index.reading.folder import read_folder
from tests.files import pdf, word
from tests.hashing import HashingEncoder

_LINES = st.lists(
    st.text("abcdeABC éß,.;-–()&<>%0123456789", min_size=1, max_size=60).filter(lambda line: bool(line.strip())),
    min_size=1,
    max_size=12,
)
_STYLES = ["Normal", "Heading 1", "List Bullet"]


def _page(lines: list[str]) -> bytes:
    escaped = [line.replace("&", "&amp;").replace("<", "&lt;") for line in lines]
    rows = "".join(f"<tr><td>{line}</td><td>{line}</td></tr>" for line in escaped)
    paragraphs = "".join(f"<p>{line}</p><nav>{line}</nav>" for line in escaped)
    return f"<html><body><main>{paragraphs}<table>{rows}</table></main></body></html>".encode()


def _word(lines: list[str]) -> bytes:
    styled = [(_STYLES[number % 3], line) for number, line in enumerate(lines)]
    return word(styled, [["Name", "Value"], *([line, line] for line in lines)])


FORMATS: dict[str, Callable[[list[str]], bytes]] = {
    "a.txt": lambda lines: "\n".join(lines).encode(),
    "a.md": lambda lines: "\n\n".join(lines).encode(),
    "a.html": _page,
    "a.pdf": lambda lines: pdf([lines[::2], lines[1::2], lines], head="Running head"),
    "a.docx": _word,
    "a.jsonl": lambda lines: "\n".join(json.dumps({"text": f"Text: {line}"}) for line in lines).encode(),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=6)
@given(files=st.lists(_LINES, min_size=4, max_size=6))  # in one folder: each reading starts a process that parses
def test_every_character_of_a_file_is_in_a_passage_or_skipped_for_a_reason(name: str, files: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, lines in enumerate(files):
            (Path(folder) / f"{number}{name}").write_bytes(FORMATS[name]([f"Words first {number}", *lines]))
        found = read_folder(Path(folder))
    assert [problem for problem in found.problems if problem.lost] == []
    assert {reading.article.file[0] for reading in found.readings} == {*map(str, range(len(files)))}
    for reading in found.readings:
        article = reading.article
        chunks = split(article, HashingEncoder().count_tokens, Chunking(20, 40))
        texts = [Passage(article, *chunk.span).text for chunk in chunks]
        assert texts == [article.text[slice(*chunk.span)] for chunk in chunks]
        counted = account(reading, chunks)
        assert counted.lost == 0
        assert counted.in_passages + sum(reading.skipped.values()) == reading.characters
        assert all(first <= second for first, second in pairwise([0, *article.pages, len(article.text)]))
