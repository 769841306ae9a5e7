"""Synonyms of a folder: the owner's groups of words that mean the same, in the file `.synonyms` beside the articles."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.articles.article import clean
from index.errors import BadArticle
from index.reading.files import file_bytes

FILE = ".synonyms"
Synonyms = tuple[tuple[str, ...], ...]
"""Groups of words or phrases that mean the same."""

_MOST_BYTES = 100_000
_MOST_GROUPS, _MOST_WORDS, _LONGEST = 1_000, 10, 100  # groups of a file, words of a group, characters of a word
_SIGNS = re.compile("[,=，、＝]")


class BadSynonyms(Exception):
    """The reason why a line is left out."""


def read_synonyms(folder: Path) -> tuple[Synonyms, list[str]]:
    """The groups of the folder's file, and the reasons why the file or lines of it are left out.

    The file is UTF-8, with a group a line and commas or `=` between its words; `#` begins a remark.
    """
    path = folder / FILE
    if not path.is_symlink() and not path.exists():
        return (), []
    if not path.is_file() or path.is_symlink():
        return (), ["not an ordinary file. Write a group of words a line"]
    try:
        if (size := path.stat().st_size) > _MOST_BYTES:
            return (), [f"it has {size:,} bytes; at most {_MOST_BYTES:,} are read. Shorten it"]
        raw = file_bytes(path, _MOST_BYTES)
    except (BadArticle, OSError) as error:
        return (), [str(error)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return (), [f"line {line}: it is not UTF-8. Save the file as UTF-8"]
    return _read(text)


def joined(parts: Iterable[tuple[str, Synonyms]]) -> tuple[Synonyms, list[tuple[str, str]]]:
    """The groups of several files, and groups that are left out, each as its file and the reason."""
    groups: list[tuple[str, ...]] = []
    clashes: list[tuple[str, str]] = []
    files = dict[str, str]()  # the file of each word
    for file, synonyms in parts:
        for group in synonyms:
            if clash := next((word for word in group if files.get(key(word), file) != file), ""):
                reason = f"{clash!r} stands in {files[key(clash)]}, too. Put all its words in one line"
                clashes.append((file, reason))
                continue
            files |= {key(word): file for word in group}
            groups.append(group)
    return tuple(groups), clashes


def _read(text: str) -> tuple[Synonyms, list[str]]:
    groups: list[tuple[str, ...]] = []
    problems: list[str] = []
    lines = dict[str, int]()  # the line of each word
    for number, written in _lines(text):
        try:
            if len(groups) == _MOST_GROUPS:
                raise BadSynonyms(f"over {_MOST_GROUPS:,} groups; this line and those after it are not read")
            group = _group(written)
            for word in group:
                if (other := lines.get(key(word))) is not None:
                    raise BadSynonyms(f"{word!r} stands in line {other}, too. Put all its words in one line")
        except BadSynonyms as error:
            problems.append(f"line {number}: {error}")
            if len(groups) == _MOST_GROUPS:
                break
            continue
        lines |= {key(word): number for word in group}
        groups.append(group)
    return tuple(groups), problems


def key(word: str) -> str:
    """A word for comparison: without case, unless it is written in capitals (US and us)."""
    return word if word.isupper() else word.casefold()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are no remarks, by number."""
    for number, line in enumerate(clean(text).split("\n"), 1):
        if (written := line.partition("#")[0]).strip():
            yield number, written


def _group(line: str) -> tuple[str, ...]:
    """The words of a line, each once. Raises BadSynonyms."""
    words = {key(word): word for part in _SIGNS.split(line) if (word := " ".join(part.split()))}
    if len(words) < 2:
        raise BadSynonyms("it holds one word. Write words that mean the same, with commas between them")
    if len(words) > _MOST_WORDS:
        raise BadSynonyms(f"it holds {len(words)} words; at most {_MOST_WORDS} are read")
    for word in words.values():
        if len(word) > _LONGEST:
            raise BadSynonyms(f"{word[:40]!r} has {len(word)} characters; at most {_LONGEST} are read")
        if not any(character.isalnum() for character in word):
            raise BadSynonyms(f"{word!r} has no letter and no digit")
    return tuple(words.values())
