"""Raw text files: their blocks, and the title, publisher and date that their first lines give."""

import re
from itertools import groupby

from index.articles.article import BlockKind, is_date, visible
from index.passages.sentences import is_cjk, sentence_spans
from index.reading.formats.dateline import first_lines, is_byline
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import join_soft_breaks

_WRAP_WIDTH = (50, 100)  # columns: a line this long in a paragraph of such lines was wrapped by an editor
_TITLE_LIMIT = 200  # characters
_HEADER_NOISE = re.compile(r"\s*date (?P<date>\d{4}-\d{2}-\d{2}) (?P<title>\S.*)")


def plaintext_extract(source: str) -> Extract:
    """The text of a raw source, and what its first lines say."""
    header, blocks = plaintext_blocks(source)
    noise, _ = _cut_header_noise(source)
    skipped = {"date glued to the title": visible(f"date {noise.published}")} if noise.title else {}
    return Extract(blocks, visible(source), header, skipped)


def plaintext_blocks(source: str) -> tuple[Header, list[tuple[BlockKind, str]]]:
    """The header of a raw text, and its blocks in order, the title line first as a heading."""
    header, source = _cut_header_noise(source)
    paragraphs = [paragraph for chunk in re.split(r"\n\s*\n", source) for paragraph in _paragraphs(chunk)]
    title = header.title
    if not title and _is_title(paragraphs):
        title = paragraphs.pop(0)
    blocks: list[tuple[BlockKind, str]] = [("heading", title)] if title else []
    said = first_lines(paragraphs, source)
    header = Header(title, said.publisher, header.published or said.published)
    return header, blocks + [("paragraph", p) for p in paragraphs]


def _cut_header_noise(source: str) -> tuple[Header, str]:
    """Some collections glue `date YYYY-MM-DD` to the front of the title line: both, and the text below it."""
    first, _, rest = source.lstrip("\n").partition("\n")
    match = _HEADER_NOISE.fullmatch(first)
    if not match or not is_date(match["date"]):
        return Header(), source
    return Header(" ".join(match["title"].split()), published=match["date"]), rest


def _is_title(paragraphs: list[str]) -> bool:
    """Whether the first line is short, is no sentence, and does not run on into the next line."""
    if len(paragraphs) < 2 or paragraphs[1][0].islower():
        return False
    line = paragraphs[0].rstrip("\"'”’)）」』")
    says_something = len(line) <= _TITLE_LIMIT and any(character.isalnum() for character in line)
    return says_something and line[-1] not in ".。:：;；,，" and len(sentence_spans(line)) == 1


def _paragraphs(chunk: str) -> list[str]:
    """The paragraphs of a run of lines; a byline is never joined to its neighbours."""
    lines = [" ".join(line.split()) for line in chunk.split("\n")]
    runs = groupby((line for line in lines if line), key=is_byline)
    return [paragraph for _, run in runs for paragraph in unwrap(list(run))]


def unwrap(lines: list[str]) -> list[str]:
    """One line where every line but the last is as long as an editor's wrapping makes it.

    Lines that mostly end with a full stop are paragraphs of their own.
    """
    shortest, longest = _WRAP_WIDTH
    widths = [sum(2 if is_cjk(character) else 1 for character in line) for line in lines]
    if len(lines) < 2 or max(widths) > longest or min(widths[:-1]) < shortest:
        return lines
    if sum(line[-1] in ".!?。！？" for line in lines[:-1]) > len(lines[:-1]) // 2:
        return lines
    return [join_soft_breaks("\N{LINE SEPARATOR}".join(lines))]
