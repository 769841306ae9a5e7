"""Metadata of articles: the fields of front matter and of records, read and checked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from urllib.parse import urlsplit

from index.articles.article import Source, clean, is_date
from index.errors import BadArticle
from index.reading.access import FIELD, IN_FRONT, closed_note, misspelt, read_groups
from index.reading.formats.dateline import iso_date
from index.reading.formats.extract import Header

_MOST_SUPERSEDED = 50  # articles that one article supersedes
_MOST_SOURCES = 500
_LONGEST = 1_000  # characters of a field; each page and answer shows them
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def is_url(text: str) -> bool:
    """Whether the text is a web address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text


_DATE = is_date, "a date (YYYY-MM-DD)"
_CHECKS: dict[str, tuple[Callable[[str], object], str]] = {
    "published": _DATE,
    "date": _DATE,
    "valid_until": _DATE,
    "url": (is_url, "an http(s) address"),
    "language": (_LANGUAGE.fullmatch, "a language code (en, zh)"),
    "format": (("text", "markdown", "html").__contains__, "a format (text, markdown, html)"),
}


class Fields:
    """Metadata read field by field; unsuitable values are left out with a warning."""

    def __init__(self, metadata: Mapping[object, object]) -> None:
        self._metadata = metadata
        self.warnings: list[str] = []

    def text(self, name: str) -> str:
        """The field as text, checked by its name; a date loses its time of day."""
        value, (fits, expected) = self._metadata.get(name), _CHECKS.get(name, (str, "a text"))
        text = " ".join(clean(value).split()) if isinstance(value, str) else ""
        if fits is is_date and not is_date(text):
            text = iso_date(text) or text
        if too_long := _too_long(name, text):
            self.warnings.append(too_long)
            return ""
        if (text and not fits(text)) or not isinstance(value, str | None):
            # Other values are not shown: anchors can make a list of a few bytes endless.
            shown = f"{name} {text[:60]!r}" if text else name
            self.warnings.append(f"{shown} is not {expected}; left out")
            return ""
        return text

    def sources(self) -> tuple[Source, ...]:
        """The publications that the article is based on."""
        value = self._metadata.get("sources") or []
        if not isinstance(value, list):
            self.warnings.append("sources is not a list; left out")
            return ()
        if len(value) > _MOST_SOURCES:
            self.warnings.append(f"{len(value):,} sources; the first {_MOST_SOURCES} are read")
        sources = []
        for number, item in enumerate(value[:_MOST_SOURCES], 1):
            fields = Fields(item if isinstance(item, dict) else {"title": item})
            if title := fields.text("title"):
                sources.append(Source(title, *map(fields.text, ("publisher", "date", "url"))))
            else:
                fields.warnings.append("no title; left out")
            self.warnings += [f"source {number}: {warning}" for warning in fields.warnings]
        return tuple(sources)

    def supersedes(self) -> tuple[str, ...]:
        """The ids or titles of the articles that this one supersedes, given as a text or a list of texts."""
        value = self._metadata.get("supersedes") or []
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or len(listed) > _MOST_SUPERSEDED:
            self.warnings.append(f"supersedes is no id or list of at most {_MOST_SUPERSEDED} ids; left out")
            return ()
        if not all(isinstance(name, str) for name in listed):
            self.warnings.append("supersedes has a value that is no text; left out")
        names = [" ".join(clean(name).split()) for name in listed if isinstance(name, str)]
        self.warnings += filter(None, (_too_long("supersedes", name) for name in names))
        return tuple(name for name in names if name and not _too_long("supersedes", name))

    def groups(self, inherited: tuple[str, ...], lines: Sequence[str] = (), how: str = IN_FRONT) -> tuple[str, ...]:
        """The groups that may see the article; `inherited` without a field of its own.

        `lines` are possible keys in its first lines. If one of them, or a nested key of the metadata,
        is a near miss of `groups`, nobody sees the article, and a warning says `how` to name groups.
        Raises BadArticle if the groups cannot be read or are named twice.
        """
        if FIELD in self._metadata:
            if lines.count(FIELD) > 1:
                raise BadArticle("its groups are named twice. Name all in one line, such as groups: [hr, legal]")
            return read_groups(self._metadata[FIELD])
        if key := misspelt([*_all_keys(self._metadata), *lines]):
            self.warnings.append(closed_note(key, how))
            return ()
        return inherited


def bounded(header: Header) -> tuple[Header, list[str]]:
    """The metadata in a file itself without fields that are too long, and a note on each of those."""
    notes = {name: _too_long(name, value) for name, value in asdict(header).items()}
    found = [note for note in notes.values() if note]
    return replace(header, **{name: "" for name, note in notes.items() if note}), found


def _too_long(name: str, text: str) -> str:
    """The note on a field that is too long; empty for others."""
    return f"{name} has {len(text):,} characters, over {_LONGEST:,}; left out" if len(text) > _LONGEST else ""


def _all_keys(metadata: Mapping[object, object]) -> Iterator[object]:
    """The keys of a map and of all nested maps, outer keys first."""
    waiting: list[object] = [metadata]
    seen: set[int] = set()  # anchors can nest a map in many others, or in itself
    for value in waiting:
        if id(value) not in seen and isinstance(value, (Mapping, list, tuple)):
            seen.add(id(value))
            if isinstance(value, Mapping):
                yield from value
            waiting.extend(value.values() if isinstance(value, Mapping) else value)
