"""Plain text files: their blocks, and the title, publisher and date in their first lines."""

import re
from itertools import groupby

from index.articles.article import BlockKind, is_date, visible
from index.passages.sentences import is_cjk, sentence_spans
from index.reading.formats.dateline import first_lines, is_byline
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import join_soft_breaks, tidy

_WRAP_WIDTH = (50, 100)  # columns: paragraphs of such lines were wrapped by an editor
_TITLE_LIMIT = 200  # characters
_GLUED_DATE = re.compile(r"\s*date (?P<date>\d{4}-\d{2}-\d{2}) (?P<title>\S.*)")


def plaintext_extract(source: str) -> Extract:
    """The text of a plain text source with its title line first as a heading, and the header in its first lines.

    In some collections the first line is `date YYYY-MM-DD TITLE`.
    """
    first, _, rest = source.lstrip("\n").partition("\n")
    match = _GLUED_DATE.fullmatch(first)
    glued = match if match and is_date(match["date"]) else None
    chunks = re.split(r"\n\s*\n", rest if glued else source)
    paragraphs = [paragraph for chunk in chunks for paragraph in _paragraphs(chunk)]
    title = tidy(glued["title"]) if glued else paragraphs.pop(0) if _is_title(paragraphs) else ""
    blocks: list[tuple[BlockKind, str]] = [("heading", title)] if title else []
    blocks += [("paragraph", paragraph) for paragraph in paragraphs]
    dateline = first_lines(paragraphs, source)
    header = Header(title, dateline.publisher, glued["date"] if glued else dateline.published)
    skipped = {"date glued to the title": visible(f"date {glued['date']}")} if glued else {}
    return Extract(blocks, visible(source), header, skipped)


def _is_title(paragraphs: list[str]) -> bool:
    """Whether the first line is short, not a sentence, and not continued on the next line."""
    if len(paragraphs) < 2 or paragraphs[1][0].islower():
        return False
    line = paragraphs[0].rstrip("\"'”’)）」』")
    says_something = len(line) <= _TITLE_LIMIT and any(character.isalnum() for character in line)
    return says_something and line[-1] not in ".。:：;；,，" and len(sentence_spans(line)) == 1


def _paragraphs(chunk: str) -> list[str]:
    """The paragraphs of consecutive lines; a byline is never joined to its neighbours."""
    runs = groupby(filter(None, tidy(chunk).split("\n")), key=is_byline)
    return [paragraph for _, run in runs for paragraph in _unwrapped(list(run))]


def _unwrapped(lines: list[str]) -> list[str]:
    """Join the lines to one if all but the last are as long as an editor wraps them.

    Lines that mostly end with a full stop remain separate paragraphs.
    """
    shortest, longest = _WRAP_WIDTH
    widths = [sum(2 if is_cjk(character) else 1 for character in line) for line in lines]
    if len(lines) < 2 or max(widths) > longest or min(widths[:-1]) < shortest:
        return lines
    if sum(line[-1] in ".!?。！？" for line in lines[:-1]) > len(lines[:-1]) // 2:
        return lines
    return [join_soft_breaks("\N{LINE SEPARATOR}".join(lines))]
