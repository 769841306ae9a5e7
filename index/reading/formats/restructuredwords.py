"""Words of a reStructuredText source, and its directives and roles, of which its parser knows only some."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import regex
from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.languages import en

from index.articles.article import clean

_DIRECTIVE = re.compile(r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([\w:.+-]+?)[ \t]?::(?=\s)", re.MULTILINE)
_ROLE = re.compile(r":([\w:.+-]{1,80}):(?=`)|(?<=`):([\w:.+-]{1,80}):")
_SUBSTITUTION = re.compile(r"^[ \t]*\.\.[ \t]+\|[^|\n]+\|[ \t]+replace::((?:[^\n]*\n[ \t]+\S)*[^\n]*)", re.MULTILINE)
_FILE = re.compile(r"^[ \t]*\.\.[ \t]+(?:include|literalinclude)::[ \t]*(\S+)", re.MULTILINE)
# Directives with a list or markup for programs, and those that would write what the file does not say.
_LEFT_OUT = frozenset(
    "include literalinclude raw date toctree index currentmodule module highlight contents sectnum target-notes"
    " automodule autoattribute autoclass autofunction automethod autosummary tabularcolumns only-code".split()
)
_SILENT = frozenset({"only", "ifconfig", "container", "rst-class", "cssclass"})  # their first line is a condition
_CODES = frozenset({"code", "code-block", "sourcecode", "parsed-literal", "prompt", "doctest", "testcode"})
_TITLED = re.compile(r"(?s)(.*\S)\s+<[^<>]*>\Z")
_UNSEEN = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"(?:(?<![^\s`])[^\s`]++(?<=\\)\s)?:(?:su[bp]|su(?:b|per)script):`[^`\n]*`(?:\\\s\S*)?",  # may join words
        r"^[ \t]*\.\.[ \t]+_[^\n]*:(?:[ \t][^\n]*)?$(?:\n[ \t]+(?!\.\.)\S+[ \t]*$)?",  # targets
        r"^[ \t]*__[ \t]+\S+",
        r"^([ \t]*)\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?(?:code|code-block|sourcecode|image|figure|role|default-role|class|"
        r"container|only|ifconfig|rst-class|cssclass|math|unicode|meta|list-table|csv-table|default-domain)[ \t]?::"
        r"[^\n]*(?:\n\1[ \t]+:[\w-]+:[^\n]*)*",
        r"^([ \t]*)\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?[\w:.+-]+::(?P<kept>[^\n]*)(?:\n\1[ \t]+:[\w-]+:[^\n]*)*",
        r"^[ \t]*\.\.[ \t]+\|[^|\n]+\|",
        r"\s<[^<>`]*>(?=`)",  # targets of links and roles
        r":[\w:.+-]{1,80}:(?=`)|(?<=`):[\w:.+-]{1,80}:",
        r"^[ \t]*:[\w-]+:(?=[ \t]+\d+[ \t]*$)",
        r"\[#[\w-]*\]_?|\|[^|\s][^|\n]*\|",  # automatic notes, substitutions
    )
]
_JOINED, _ESCAPED = re.compile(r"`|\\\s"), re.compile(r"\\")
_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]|[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}]]+", regex.V1)


def dropped_words(source: str, text: str, comments: Iterable[Any] = ()) -> Iterator[str]:
    """The words of a source, without marks and addresses, that are missing from its extracted `text`."""
    for pattern in _UNSEEN:
        source = pattern.sub(lambda match: match.groupdict().get("kept") or "", source)
    seen = Counter(_WORD.findall(clean(text)))
    seen.update(word for comment in comments for word in _WORD.findall(clean(comment.astext())))
    yield from (Counter(_WORD.findall(clean(_ESCAPED.sub(" ", _JOINED.sub("", source))))) - seen).elements()


def expansion(source: str) -> int:
    """The most times that one substitution may stand for others, as they can be nested."""
    return math.prod(max(1, text.count("|") // 2) for text in _SUBSTITUTION.findall(source))


def included(source: str) -> list[str]:
    """The names of files that a source includes."""
    return _FILE.findall(source)


def register(source: str) -> None:
    """Make the parser read the text in every directive and role of a source, also in those that it does not know."""
    roles._roles.clear()  # type: ignore[attr-defined] # noqa: SLF001 - roles of the file before
    for name in {*_DIRECTIVE.findall(source), *_LEFT_OUT}:
        if name.lower() in _LEFT_OUT:
            directives.register_directive(name, _LeftOut)
        elif name.lower() in _CODES:
            directives.register_directive(name, _Code)
        elif name.lower() not in en.directives:
            directives.register_directive(name, _Silent if name in _SILENT else _Shown)
    for name in {first or second for first, second in _ROLE.findall(source)} - en.roles.keys():
        roles.register_local_role(name.lower(), _titled)


class _Options(dict[str, Any]):
    """Every option, with any value."""

    def __missing__(self, name: str) -> Any:
        return directives.unchanged


class _Shown(Directive):
    """A directive whose argument and content are text."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = _Options({"class": directives.unchanged})

    def run(self) -> list[Any]:
        body = nodes.container()
        if self.arguments:
            parts, _ = self.state.inline_text(self.arguments[0], self.lineno)
            body += nodes.paragraph(self.arguments[0], "", *parts)
        self.state.nested_parse(self.content, self.content_offset, body)
        return [body]


class _Silent(_Shown):
    """A directive whose content alone is text."""

    def run(self) -> list[Any]:
        self.arguments.clear()
        return super().run()


class _Code(_Shown):
    """A directive whose content is code; its argument is the language."""

    def run(self) -> list[Any]:
        return [nodes.literal_block("", "\n".join(self.content))]


class _LeftOut(_Shown):
    """A directive without text."""

    def run(self) -> list[Any]:
        return [nodes.comment("", "\n".join([*self.arguments, *self.content]))]


def _titled(_name: str, source: str, text: str, *_: Any, **__: Any) -> tuple[list[Any], list[Any]]:
    """The text of an unknown role, without the target behind it."""
    title = _TITLED.sub(r"\1", text.replace("\0", "")).lstrip("~!")
    return [nodes.inline(source, title)], []
