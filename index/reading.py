"""One file to one article: decode, read the front matter, make the text readable."""

import hashlib
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from frontmatter.default_handlers import YAMLHandler

from index.articles import Article, Source, clean, is_date, join_blocks
from index.errors import BadArticle, EmptyArticle
from index.markdown import markdown_blocks
from index.plaintext import Header, plaintext_blocks

SUFFIXES = (".md", ".txt")
_FRONT_MATTER = re.compile(r"\s*^---[ \t]*\n", re.MULTILINE)
_MEND = "Mend the YAML between the two --- lines"
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ]+\d{1,2}:\d{2}.*", re.ASCII)


def read_article(path: Path, article_id: str, max_bytes: int) -> tuple[Article, list[str]]:
    """The article in a file, and warnings on metadata that had to be left out.

    Raises BadArticle where the file cannot be read, is over `max_bytes`, is not UTF-8, is empty
    or has broken front matter.
    """
    raw = _bytes(path, max_bytes)
    content = _decode(raw)
    if not content.strip():
        raise EmptyArticle("empty: there is nothing to index")
    metadata, body = _split_front_matter(content)
    if path.suffix.lower() == ".md":
        blocks = markdown_blocks(body)
        header = Header(title=next((" ".join(text.split()) for kind, text in blocks if kind == "heading"), ""))
    else:
        header, blocks = plaintext_blocks(body)
    text, spans = join_blocks(blocks)
    if not text:
        raise BadArticle("no text: there is nothing to index but front matter or marks")
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


def _bytes(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > max_bytes:
                shown, limit = math.ceil(size / 1e5) / 10, max_bytes / 1e6
                raise BadArticle(
                    f"{shown} MB is over the limit of {limit:g} MB. Split the file, or raise --max-file-mb"
                )
            raw = file.read(size + 1)
    except OSError as error:
        raise BadArticle(f"cannot be read: {error.strerror}") from error
    if len(raw) != size:
        raise BadArticle("it changed while it was read. Build again")
    return raw


def _decode(raw: bytes) -> str:
    try:
        return clean(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        raise BadArticle(
            f"not UTF-8: byte 0x{byte:02x} at offset {error.start}. Convert it: iconv -f ENCODING -t UTF-8"
        ) from error


class _PlainLoader(yaml.SafeLoader):
    """YAML whose plain values stay the text they are: a date is not computed, `1.10` keeps its nought.

    Written in Python: libyaml's loader ends the whole process where lists nest too deep.
    """


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _split_front_matter(content: str) -> tuple[dict[object, object], str]:
    """Front matter and body; a text that merely opens with a rule has none."""
    if not _FRONT_MATTER.match(content):
        return {}, content
    handler = YAMLHandler()
    try:
        head, body = handler.split(content)
    except ValueError:  # there is no second rule
        return {}, content
    try:
        metadata = handler.load(head, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        above = content[: content.index("---")].count("\n")
        line = f" (line {above + error.problem_mark.line + 1})" if error.problem_mark else ""
        raise BadArticle(f"broken front matter{line}: {error.problem}. {_MEND}") from error
    except yaml.YAMLError as error:
        raise BadArticle(f"broken front matter: {' '.join(str(error).split())}. {_MEND}") from error
    except RecursionError as error:
        raise BadArticle(f"broken front matter: lists or maps lie too deep in each other. {_MEND}") from error
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise BadArticle(f"broken front matter: a value does not fit its !!tag. {_MEND}") from error
    if metadata is None:
        return {}, body
    return (metadata, body) if isinstance(metadata, dict) else ({}, content)


class _Fields:
    """Front matter read field by field; what does not fit is left empty with a warning."""

    def __init__(self, metadata: dict[object, object]) -> None:
        self._metadata = metadata
        self.warnings: list[str] = []

    def text(self, name: str) -> str:
        return self._read(name, self._metadata.get(name), lambda _: True, "a text")

    def date(self, name: str) -> str:
        value = self._metadata.get(name)
        moment = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
        return self._read(name, moment[1] if moment else value, is_date, "a date (YYYY-MM-DD)")

    def url(self, name: str) -> str:
        return self._read(name, self._metadata.get(name), _is_url, "an http(s) address")

    def sources(self) -> tuple[Source, ...]:
        value = self._metadata.get("sources") or []
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

    def _read(self, name: str, value: object, fits: Callable[[str], bool], wanted: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            # What it holds is not shown: anchors can make a list of a few bytes endless.
            kind = "list" if isinstance(value, list) else "map" if isinstance(value, dict) else "tagged value"
            self.warnings.append(f"{name} is a {kind}, not {wanted}; left out")
            return ""
        text = " ".join(clean(value).split())
        if text and not fits(text):
            self.warnings.append(f"{name} {text[:60]!r} is not {wanted}; left out")
            return ""
        return text


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
