"""Front matter of articles, in YAML between `---` lines or in TOML between `+++` lines."""

import re
import tomllib
from datetime import date, time
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from index.errors import BadArticle
from index.reading.access import FIELD

_FRONT_MATTER = re.compile(r"\s*^---[ \t]*\n", re.MULTILINE)
_MEND = "Mend the YAML between the two --- lines"
_TOML = re.compile(r"\s*^\+\+\+[ \t]*\n(?P<head>.*?)^\+\+\+[ \t]*$", re.MULTILINE | re.DOTALL)
_ASSIGNED = re.compile(r"^[ \t]*[\w.\"'-]+[ \t]*=|^[ \t]*\[", re.MULTILINE)
_APART = re.compile(r"\s*---[ \t]*\n[ \t]*\n")
_SENTENCE = re.compile(r"\S+\s+\S+\s+\S.*[.!?]\Z", re.DOTALL)
_USUAL = frozenset(
    "title subtitle date published updated publisher author authors url permalink slug id language lang sources "
    "valid_until supersedes tags keywords category categories layout template draft type status version aliases".split()
) | {FIELD}


class _PlainLoader(yaml.SafeLoader):
    """YAML loader that keeps all values as text: dates are not parsed, `1.10` keeps its zero, tags are ignored.

    The loader in Python, because libyaml's loader crashes the process on deeply nested lists.
    """


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.yaml_constructors = {
    None: yaml.SafeLoader.construct_scalar,
    **{f"tag:yaml.org,2002:{tag}": getattr(yaml.SafeLoader, f"construct_yaml_{tag}") for tag in ("null", "seq", "map")},
}


def split_front_matter(content: str) -> tuple[dict[object, object], str]:
    """Front matter and body; a text that merely begins with a rule has no front matter."""
    if toml := _TOML.match(content):
        return _toml(content, toml)
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
    if metadata is None:
        return {}, body
    return (metadata, body) if isinstance(metadata, dict) and not _is_prose(content, metadata) else ({}, content)


def _is_prose(content: str, metadata: dict[object, object]) -> bool:
    """Whether the lines between two rules are a text with a colon: apart from the rules, or a sentence.

    Never if they have a usual field.
    """
    if {str(key).casefold() for key in metadata} & _USUAL:
        return False
    sentences = [
        key for key, value in metadata.items() if str(key)[:1].isupper() and _SENTENCE.match(str(value).lstrip())
    ]
    return bool(sentences or _APART.match(content))


def _toml(content: str, match: re.Match[str]) -> tuple[dict[object, object], str]:
    try:
        return _as_text(tomllib.loads(match["head"], parse_float=str)), content[match.end() :]
    except tomllib.TOMLDecodeError as error:
        if not _ASSIGNED.search(match["head"]):
            return {}, content
        raise BadArticle(f"broken front matter: {error}. Mend the TOML between the two +++ lines") from error
    except RecursionError as error:
        reason = "broken front matter: lists or maps lie too deep in each other"
        raise BadArticle(f"{reason}. Mend the TOML between the two +++ lines") from error


def _as_text(value: Any) -> Any:
    """The value with dates, numbers and truths as text, as in YAML."""
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(_as_text, value))
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date | time) else str(value)
