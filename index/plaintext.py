"""Raw text files: their blocks, and the title, publisher and date that their first lines give."""

import re
from dataclasses import dataclass
from datetime import datetime

from index.articles import BlockKind, is_date
from index.markdown import join_soft_breaks
from index.sentences import sentence_spans

_WRAP_WIDTH = (50, 100)  # characters: a line this long in a paragraph of such lines was wrapped by an editor
_TITLE_LIMIT = 200  # characters
_HEADER_NOISE = re.compile(r"\s*date (?P<date>\d{4}-\d{2}-\d{2}) (?P<title>\S.*)")
_BYLINE = re.compile(r"(?P<publisher>[^\d,.;:()]{2,60}), (?P<date>[A-Z][a-z]+\.? \d{1,2}, \d{4}|\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines of a raw text say; an unknown field is empty, never guessed."""

    title: str = ""
    publisher: str = ""
    published: str = ""


def plaintext_blocks(source: str) -> tuple[Header, list[tuple[BlockKind, str]]]:
    """The header of a raw text, and its blocks in order, the title line first as a heading."""
    header, source = _cut_header_noise(source)
    blocks: list[tuple[BlockKind, str]] = []
    for chunk in re.split(r"\n\s*\n", source):
        lines = [" ".join(line.split()) for line in chunk.split("\n")]
        blocks += [("paragraph", line) for line in _unwrap([line for line in lines if line])]
    title = header.title or _title(blocks)
    if blocks and title == blocks[0][1]:
        blocks[0] = ("heading", title)
    publisher, published = _byline(blocks[1][1]) if len(blocks) > 1 else ("", "")
    return Header(title, publisher, header.published or published), blocks


def _cut_header_noise(source: str) -> tuple[Header, str]:
    """Some collections glue `date YYYY-MM-DD` to the front of the title line."""
    first, line_break, rest = source.lstrip("\n").partition("\n")
    match = _HEADER_NOISE.fullmatch(first)
    if not match or not is_date(match["date"]):
        return Header(), source
    title = " ".join(match["title"].split())
    return Header(title, published=match["date"]), title + line_break + rest


def _title(blocks: list[tuple[BlockKind, str]]) -> str:
    """The first line, where it is one: short, and no sentence."""
    if len(blocks) < 2:
        return ""
    line = blocks[0][1]
    is_title = len(line) <= _TITLE_LIMIT and line[-1] not in ".。:：;；,，" and len(sentence_spans(line)) == 1
    return line if is_title else ""


def _byline(line: str) -> tuple[str, str]:
    """Publisher and date of a line such as `Xinhua, January 27, 2026`, else two empty strings."""
    match = _BYLINE.fullmatch(line)
    published = _iso(match["date"]) if match else ""
    return (match["publisher"].strip(), published) if match and published else ("", "")


def _iso(written: str) -> str:
    for form in ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y", "%b. %d, %Y"):
        try:
            return datetime.strptime(written, form).date().isoformat()
        except ValueError:
            continue
    return ""


def _unwrap(lines: list[str]) -> list[str]:
    """One line where every line but the last is as long as an editor's wrapping makes it."""
    shortest, longest = _WRAP_WIDTH
    lengths = [len(line) for line in lines]
    if len(lines) < 2 or max(lengths) > longest or min(lengths[:-1]) < shortest:
        return lines
    return [join_soft_breaks("\N{LINE SEPARATOR}".join(lines))]
