"""The words that a reader of a Markdown source sees, without a parser: a check of it."""

import html
import re
from collections import Counter
from collections.abc import Iterator

import regex

from index.articles.article import clean
from index.reading.formats.markdownrules import ADDRESS

_TITLE = r"""(?:"[^"]{0,1000}"|'[^']{0,1000}'|\([^()]{0,1000}\))"""
_UNSEEN = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"~~(?=\S)(?:(?!\n[ \t]*\n)(?s:.)){1,2000}?~~",
        # targets of links
        rf"\]\(\s{{0,99}}(?:<[^>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s{{1,99}}{_TITLE})?\s{{0,99}}\)",
        r"\]\[[^\]\n]*\]",
        rf"^[ \t>*+-]*+\[(?!\^)[^\]\n]+\]:\s*(?={ADDRESS})(?:<[^>\n]*>|\S+)(?:\s+{_TITLE}[ \t]*$)?",
        r"^[ \t>*+-]*+(?:\d+[.)][ \t]+)?(?:```+[^`\n]*|~~~+[^\n]*)$",  # languages of code
        r"(?<!\w)!?\[\[[^\[\]\n|]*\|",  # pages of wiki links
        r"^[ \t]*>[ \t>]*\[![\w-]+\][+-]?[ \t]*(?=\S)",  # kinds of callouts
    )
]
_COMMENTS = [("<!--", re.compile("-->")), ("%%", re.compile(r"%%(?!\w)"))]
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TIMES = "\ue000"
_MULTIPLIED = re.compile(r"(?<=[0-9])\*+(?=[A-Za-z0-9])|(?<=[A-Za-z])\*+(?=[0-9])")
_MARKS = str.maketrans("", "", "*_~`\\[]")
# Each letter of a script without spaces is a word, as lines are joined there.
_WORD = regex.compile(
    rf"[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}]|[[\p{{L}}\p{{N}}{_TIMES}]--[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}]]+"
    r"|[\p{Sc}\p{So}%‰]",
    regex.V1,
)


def dropped_words(source: str, text: str) -> Iterator[str]:
    """The words of a Markdown source, without marks and addresses, that are missing from its extracted `text`.

    A word that stands twice in the source stands twice in the text. Stars between digits belong to a word.
    """
    seen = html.unescape(clean(source))
    for opener, closer in _COMMENTS:
        seen = _without(seen, opener, closer)
    for unseen in _UNSEEN:
        seen = unseen.sub("", seen)
    missing = Counter(_words(seen)) - Counter(_words(clean(text)))
    return (word.replace(_TIMES, "*") for word in missing.elements())


def _without(text: str, opener: str, closer: re.Pattern[str]) -> str:
    """The text without comments; an opener inside a word or without a closer is none."""
    kept, position = [], 0
    for match in re.finditer(rf"(?<!\S){opener}" if opener == "%%" else opener, text):
        if match.start() >= position:
            if not (close := closer.search(text, match.end())):
                break
            kept.append(text[position : match.start()])
            position = close.end()
    return "".join([*kept, text[position:]])


def _words(text: str) -> list[str]:
    text = _MULTIPLIED.sub(lambda match: _TIMES * len(match[0]), _ESCAPED.sub(r"\1", text))
    return _WORD.findall(text.translate(_MARKS))
