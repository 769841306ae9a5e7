"""Metadata of articles: front matter and other fields, read and checked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import yaml
from frontmatter.default_handlers import YAMLHandler

from index.articles.article import Source, clean, is_date
from index.errors import BadArticle
from index.reading.access import FIELD, IN_FRONT, closed_note, misspelt, read_groups

_FRONT_MATTER = re.compile(r"\s*^---[ \t]*\n", re.MULTILINE)
_MEND = "Mend the YAML between the two --- lines"
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ]+\d{1,2}:\d{2}.*", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class _PlainLoader(yaml.SafeLoader):
    """YAML loader that keeps plain values as text: dates are not parsed, `1.10` keeps its zero.

    The loader in Python, because libyaml's loader crashes the process on deeply nested lists.
    """


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def split_front_matter(content: str) -> tuple[dict[object, object], str]:
    """Front matter and body; a text that merely begins with a rule has no front matter."""
    if not _FRONT_MATTER.match(content):
        return {}, content
    handler = YAMLHandler()
    try:
        head, body = handler.split(content)
    except ValueError:  # no second rule
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


class Fields:
    """Metadata read field by field; unsuitable values are left out with a warning."""

    def __init__(self, metadata: Mapping[object, object]) -> None:
        self._metadata = metadata
        self.warnings: list[str] = []

    def text(self, name: str) -> str:
        """The field as text."""
        return self._read(name, self._metadata.get(name), lambda _: True, "a text")

    def date(self, name: str) -> str:
        """The field as a year, month or day in ISO form."""
        value = self._metadata.get(name)
        moment = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
        return self._read(name, moment[1] if moment else value, is_date, "a date (YYYY-MM-DD)")

    def url(self, name: str) -> str:
        """The field as a web address."""
        return self._read(name, self._metadata.get(name), is_url, "an http(s) address")

    def language(self) -> str:
        """The language code, such as `en` or `zh-Hans`."""
        value = self._metadata.get("language")
        return self._read("language", value, lambda text: bool(_LANGUAGE.fullmatch(text)), "a language code (en, zh)")

    def sources(self) -> tuple[Source, ...]:
        """The publications that the article is based on."""
        value = self._metadata.get("sources") or []
        if not isinstance(value, list):
            self.warnings.append("sources is not a list; left out")
            return ()
        return tuple(source for number, item in enumerate(value, 1) if (source := self._source(number, item)))

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

    def _source(self, number: int, item: object) -> Source | None:
        fields = Fields(item if isinstance(item, dict) else {"title": item})
        title = fields.text("title")
        source = Source(title, fields.text("publisher"), fields.date("date"), fields.url("url")) if title else None
        self.warnings += [f"source {number}: {warning}" for warning in fields.warnings]
        if not title:
            self.warnings.append(f"source {number} has no title; left out")
        return source

    def _read(self, name: str, value: object, fits: Callable[[str], bool], expected: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            # The value is not shown: anchors can make a list of a few bytes endless.
            kind = "list" if isinstance(value, list) else "map" if isinstance(value, dict) else "tagged value"
            self.warnings.append(f"{name} is a {kind}, not {expected}; left out")
            return ""
        text = " ".join(clean(value).split())
        if text and not fits(text):
            self.warnings.append(f"{name} {text[:60]!r} is not {expected}; left out")
            return ""
        return text


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


def is_url(text: str) -> bool:
    """Whether the text is a web address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
