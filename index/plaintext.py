"""Raw text files: their blocks, and the title, publisher and date that their first lines give."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from index.articles import BlockKind, is_date
from index.markdown import join_soft_breaks
from index.sentences import is_cjk, sentence_spans

_WRAP_WIDTH = (50, 100)  # columns: a line this long in a paragraph of such lines was wrapped by an editor
_TITLE_LIMIT = 200  # characters
_HEADER_NOISE = re.compile(r"\s*date (?P<date>\d{4}-\d{2}-\d{2}) (?P<title>\S.*)")
_BYLINE = re.compile(
    r"(?P<publisher>[^\d,.;:()]{2,60}), (?P<date>[A-Z][a-z]+\.? \d{1,2}, \d{4}|\d{4}-\d{2}-\d{2})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines of a raw text say; an unknown field is empty, never guessed."""

    title: str = ""
    publisher: str = ""
    published: str = ""


def plaintext_blocks(source: str) -> tuple[Header, list[tuple[BlockKind, str]]]:
    """The header of a raw text, and its blocks in order, the title line first as a heading."""
    header, source = _cut_header_noise(source)
    paragraphs = [paragraph for chunk in re.split(r"\n\s*\n", source) for paragraph in _paragraphs(chunk)]
    title = header.title
    if not title and _is_title(paragraphs):
        title = paragraphs.pop(0)
    blocks: list[tuple[BlockKind, str]] = [("heading", title)] if title else []
    byline = paragraphs[0] if title and paragraphs else ""
    publisher, published = _byline(byline, source)
    return Header(title, publisher, header.published or published), blocks + [("paragraph", p) for p in paragraphs]


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


def _byline(line: str, source: str) -> tuple[str, str]:
    """Publisher and date of a line such as `Xinhua, January 27, 2026`, else two empty strings.

    An agency names itself again in brackets, `(Xinhua)`; a name that the text does not so confirm
    may be a town, a person or a weekday, and is left out.
    """
    match = _BYLINE.fullmatch(line)
    published = _iso(match["date"]) if match else ""
    if not match or not published:
        return "", ""
    publisher = match["publisher"].strip()
    is_confirmed = f"({publisher})" in source or f"({publisher}/" in source
    return publisher if is_confirmed else "", published


def _paragraphs(chunk: str) -> list[str]:
    """The paragraphs of a run of lines; a byline is never joined to its neighbours."""
    lines = [" ".join(line.split()) for line in chunk.split("\n")]
    runs = groupby((line for line in lines if line), key=lambda line: bool(_BYLINE.fullmatch(line)))
    return [paragraph for _, run in runs for paragraph in _unwrap(list(run))]


def _iso(written: str) -> str:
    written = re.sub(r"^Sept\b", "Sep", written)
    for form in ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y", "%b. %d, %Y"):
        try:
            return datetime.strptime(written, form).date().isoformat()
        except ValueError:
            continue
    return ""


def _unwrap(lines: list[str]) -> list[str]:
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
