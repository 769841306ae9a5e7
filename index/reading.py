"""One file to one article: decode, read the front matter, make the text readable."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import frontmatter
import yaml

from index.articles import Article, Source, is_date, join_blocks
from index.errors import BadArticle
from index.markdown import markdown_blocks
from index.plaintext import Header, plaintext_blocks

SUFFIXES = (".md", ".txt")
_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n")


def read_article(path: Path, article_id: str, max_bytes: int) -> tuple[Article, list[str]]:
    """The article in a file, and warnings on metadata that had to be left out.

    Raises BadArticle where the file cannot be read, is over `max_bytes`, is not UTF-8, is empty
    or has broken front matter.
    """
    raw = _bytes(path, max_bytes)
    content = _decode(raw)
    if not content.strip():
        raise BadArticle("empty: there is nothing to index")
    metadata, body = _split_front_matter(content)
    if path.suffix.lower() == ".md":
        blocks = markdown_blocks(body)
        header = Header(title=next((text for kind, text in blocks if kind == "heading"), ""))
    else:
        header, blocks = plaintext_blocks(body)
    if not blocks:
        raise BadArticle("no text below the front matter")
    text, spans = join_blocks(blocks)
    fields = _Fields(metadata)
    article = Article(
        id=article_id,
        title=fields.text("title") or header.title or article_id.rsplit("/", 1)[-1],
        text=text,
        blocks=spans,
        sha256=hashlib.sha256(raw).hexdigest(),
        publisher=fields.text("publisher") or header.publisher,
        published=fields.date("published") or fields.date("date") or header.published,
        url=fields.url("url"),
        sources=fields.sources(),
    )
    return article, fields.warnings


def clean(content: str) -> str:
    """NFC with `\\n` line breaks and without control characters, lone surrogates or byte order marks."""
    content = _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", content)).replace("\ufeff", "")
    return "".join(c for c in content if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _bytes(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(max_bytes + 1)
    except OSError as error:
        raise BadArticle(f"cannot be read: {error.strerror}") from error
    if len(raw) > max_bytes:
        size, limit = path.stat().st_size / 1e6, max_bytes / 1e6
        raise BadArticle(f"{size:.1f} MB is over the limit of {limit:g} MB. Split the file, or raise --max-file-mb")
    return raw


def _decode(raw: bytes) -> str:
    try:
        return clean(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        raise BadArticle(
            f"not UTF-8: byte 0x{byte:02x} at offset {error.start}. Convert it: iconv -f ENCODING -t UTF-8"
        ) from error


def _split_front_matter(content: str) -> tuple[dict[str, object], str]:
    """Front matter and body; a text that merely opens with a rule has none."""
    if not _FRONT_MATTER.match(content):
        return {}, content
    try:
        post = frontmatter.loads(content)
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        raise BadArticle(f"broken front matter{line}: {error.problem}") from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise BadArticle(f"broken front matter: {error}") from error
    return dict(post.metadata), post.content


class _Fields:
    """Front matter read field by field; what does not fit is left empty with a warning."""

    def __init__(self, metadata: dict[str, object]) -> None:
        self._metadata = metadata
        self.warnings: list[str] = []

    def text(self, name: str) -> str:
        return self._read(name, self._metadata.get(name), lambda value: isinstance(value, str | int | float), "a text")

    def date(self, name: str) -> str:
        return self._read(name, self._metadata.get(name), _is_date, "a date (YYYY-MM-DD)")

    def url(self, name: str) -> str:
        return self._read(name, self._metadata.get(name), _is_url, "an http(s) address")

    def sources(self) -> tuple[Source, ...]:
        value = self._metadata.get("sources", [])
        if not isinstance(value, list):
            self.warnings.append("sources is not a list; left out")
            return ()
        return tuple(source for number, item in enumerate(value, 1) if (source := self._source(number, item)))

    def _source(self, number: int, item: object) -> Source | None:
        fields = _Fields(item if isinstance(item, dict) else {"title": item})
        title = fields.text("title")
        source = Source(title, fields.text("publisher"), fields.date("date"), fields.url("url")) if title else None
        self.warnings += [f"source {number}: {warning}" for warning in fields.warnings]
        if not title:
            self.warnings.append(f"source {number} has no title; left out")
        return source

    def _read(self, name: str, value: object, fits: Callable[[object], bool], wanted: str) -> str:
        if value is None or value == "":
            return ""
        if not fits(value):
            self.warnings.append(f"{name} {str(value)[:60]!r} is not {wanted}; left out")
            return ""
        return " ".join(_plain(value).split())


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _is_date(value: object) -> bool:
    return isinstance(value, date | str | int) and is_date(_plain(value).strip())


def _is_url(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
