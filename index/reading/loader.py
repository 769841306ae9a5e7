"""One file to its articles: bytes, encoding, format, metadata, and an account of its characters."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias, cast

from index.articles.article import Article, clean, join_blocks, visible
from index.errors import BadArticle, EmptyArticle
from index.reading.access import FIELD, IN_FOLDER, IN_RECORD, head_of, keys_of
from index.reading.acronyms import acronyms_of
from index.reading.encodings.decoding import Decoded, declared_charset, decode
from index.reading.files import file_bytes, record_bytes
from index.reading.formats.adapters import AS, MARKDOWN, MESSAGE, PLAIN, adapted
from index.reading.formats.dateline import first_lines, named_date
from index.reading.formats.extract import Extract
from index.reading.formats.mail import is_mail
from index.reading.formats.members import suffix_of
from index.reading.formats.parsers import seconds_for
from index.reading.frontmatter import split_front_matter
from index.reading.language import language_of
from index.reading.metadata import Fields, bounded, is_url

Parse: TypeAlias = Callable[[str, bytes | str], Extract | None]
"""The work of `adapted`, here or in a process of its own. Raises BadArticle."""

_LONGEST_ID, _LONGEST_ADDRESS = 255, 1_000  # characters: as for a file's name, and of an id that is an address


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, and an account of every visible character of the text in its file.

    `characters` = `skipped` + characters of the article - `repeated`; any difference is lost.
    `encoding` is empty for formats that define it themselves.
    """

    article: Article
    format: str
    characters: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    repeated: int = 0
    encoding: str = ""
    doubtful: bool = False
    blank_pages: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    missing: Sequence[str] = ()  # parts without an account: text that is known to be there, not its size


def read_article(
    source: Path | bytes,
    article_id: str,
    max_bytes: int,
    file: str = "",
    groups: tuple[str, ...] = (),
    *,
    parse: Parse = adapted,
) -> Reading:
    """The article in a file with a text of its own; `file` is its path in the folder (default: its name).

    `groups` apply if it names no groups itself; `parse` does the work of `adapted`. Raises
    BadArticle if the file cannot be read, is over `max_bytes`, has an unknown encoding, no text or
    broken front matter, or is damaged or encrypted.
    """
    raw, file = file_bytes(source, max_bytes), _file(source, file)
    kind = suffix_of(file)
    if not raw.strip():
        raise EmptyArticle("empty: there is nothing to index")
    if extract := parse(kind, raw):
        fields = Fields({})
        groups = fields.groups(groups, extract.declared, IN_FOLDER)
        return _reading(extract, fields, _origin(raw, article_id, file, groups))
    decoded = decode(raw, declared_charset(raw) if "htm" in kind else "")
    content = clean(decoded.text)
    if not content.strip():
        raise EmptyArticle("empty: there is nothing to index")
    if extract := parse(kind, content):
        fields, front = Fields({}), 0
        groups = fields.groups(groups, extract.declared, IN_FOLDER)
    else:
        metadata, body = split_front_matter(content)
        is_message = kind in PLAIN and is_mail(content.lstrip())
        form = "markdown" if kind in MARKDOWN else "text"
        extract = cast("Extract", parse(MESSAGE, raw) if is_message else parse(f"{AS}{form}", body))
        fields, front = Fields(metadata), visible(content) - visible(body)
        groups = fields.groups(groups, keys_of(content.removesuffix(body) if front else head_of(content)))
    return _reading(extract, fields, _origin(raw, article_id, file, groups), decoded, front)


def read_records(
    source: Path | bytes,
    article_id: str,
    max_bytes: int,
    file: str = "",
    groups: tuple[str, ...] = (),
    *,
    parse: Parse = adapted,
) -> Iterator[Reading | str]:
    """The articles of a file with a JSON object on each line, in order; for a bad line the reason as text.

    `groups` apply to articles without groups of their own, and `parse` does the work of `adapted`. Raises BadArticle
    if the file cannot be read, or once its lines take too long.
    """
    decoded = decode(file_bytes(source, max_bytes))
    if not decoded.text.strip():
        raise EmptyArticle("empty: there is nothing to index")
    until = time.monotonic() + seconds_for(len(decoded.text))
    for number, line in enumerate(decoded.text.split("\n"), 1):
        if line.strip():
            try:
                record = _record(line, str(number))
                fields, text = Fields(record), clean(record["text"])
                extract = cast("Extract", parse(f"{AS}{fields.text('format')}", text))
                named = fields.groups(groups, [*keys_of(head_of(text, fenced=True)), *extract.declared], IN_RECORD)
                origin = _origin(record_bytes(line), f"{article_id}/{record['id']}", _file(source, file), named)
                yield _reading(extract, fields, origin, decoded)
            except BadArticle as error:
                yield f"line {number}: {error}"
            if time.monotonic() > until:
                raise BadArticle(
                    f"reading it takes too long: the lines after line {number} are left out. Split the file"
                )


def _file(source: Path | bytes, file: str) -> str:
    return source.name if isinstance(source, Path) and not file else file


def _record(line: str, number: str) -> dict[Any, Any]:
    """The JSON object in a line, with a text and an id, which is `number` by default."""
    try:
        # Numbers stay text, as in front matter.
        record = json.loads(line.lstrip("\ufeff"), parse_int=str, parse_float=str, object_pairs_hook=_once)
    except ValueError as error:
        raise BadArticle(f"not JSON ({error}). Mend the line") from error
    except RecursionError as error:
        raise BadArticle("lists or maps lie too deep in each other. Mend the line") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise BadArticle('no JSON object with a "text". Write {"title": "…", "text": "…"}')
    if not record["text"].strip():
        raise BadArticle("its text is empty. Leave the line out")
    name = record.setdefault("id", number)
    if not isinstance(name, str) or not _is_name(name):
        raise BadArticle(f"id {str(name)[:60]!r} will not do in an address. Use letters, digits, - and _")
    if is_url(name):
        record.setdefault("url", name)
    return record


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The map of a JSON object. Raises BadArticle for two groups fields, which would be ambiguous."""
    if [key for key, _ in pairs].count(FIELD) > 1:
        raise BadArticle("its groups are named twice. Name all of them in one list")
    return dict(pairs)


def _is_name(name: str) -> bool:
    """Whether an id can stand in the address of a page; it may be an address itself."""
    is_address = is_url(name)
    return (
        len(name) <= (_LONGEST_ADDRESS if is_address else _LONGEST_ID)
        and name == clean(name).strip()
        and name.isprintable()
        and all(part not in (".", "..") and (part or is_address) for part in name.split("/"))
    )


def _origin(raw: bytes, article_id: str, file: str, groups: tuple[str, ...]) -> Article:
    return Article(article_id, "", "", (), hashlib.sha256(raw).hexdigest(), file=file, groups=groups)


def _reading(
    extract: Extract, fields: Fields, origin: Article, decoded: Decoded | None = None, front: int = 0
) -> Reading:
    """The article with its account; `front` is the number of characters of front matter."""
    text, blocks = join_blocks(extract.blocks)
    if not text:
        raise BadArticle("no text: there is nothing to index but front matter or marks")
    header, long = bounded(extract.header)
    dateline = first_lines([text[b.start : b.end] for b in blocks[:8] if b.kind not in ("heading", "row")], text)
    told = fields.text("published") or fields.text("date")
    published, notes = _published(told, header.published, dateline.published, named_date(origin.file))
    article = replace(
        origin,
        title=fields.text("title") or header.title or origin.id.rstrip("/").rsplit("/", 1)[-1],
        text=text,
        blocks=blocks,
        publisher=fields.text("publisher") or header.publisher or dateline.publisher,
        published=published,
        url=fields.text("url") or header.url,
        sources=fields.sources(),
        language=fields.text("language") or language_of(text) or header.language,
        pages=extract.pages,
        acronyms=acronyms_of(text),
        valid_until=fields.text("valid_until"),
        supersedes=fields.supersedes(),
        places=extract.places,
        recognised=extract.recognised,
    )
    return Reading(
        article,
        origin.file.rpartition(".")[2].lower(),
        extract.characters + front,
        {reason: count for reason, count in {"front matter": front, **extract.skipped}.items() if count},
        extract.repeated,
        decoded.encoding if decoded else "",
        bool(decoded and decoded.doubtful),
        extract.blank_pages,
        (*(decoded.notes if decoded else ()), *extract.notes, *fields.warnings, *long, *notes),
        extract.missing,
    )


def _published(*days: str) -> tuple[str, list[str]]:
    """The first of several dates, and notes on dates in the future, which are of coming events and left out.

    The day may have begun elsewhere already.
    """
    last = (date.today() + timedelta(days=1)).isoformat()
    notes = [f"date {day} lies in the future; left out" for day in dict.fromkeys(days) if day > last]
    return next((day for day in days if day and day <= last), ""), notes
