"""Groups: the names of who may see an article. Whatever cannot be read opens nothing to anybody."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from rapidfuzz.distance import OSA

from index.articles.catalogue import Catalogue
from index.errors import BadArticle
from index.reading.files import file_bytes

FIELD = "groups"  # of an article's metadata
FILE = ".groups"  # of a folder, for the articles below it that name none themselves
MOST_OF_ARTICLE, MOST_OF_PERSON = 100, 1_000
_LONGEST = 200  # characters of a name
_SIGNS = re.compile("[,;]")
_MOST_BYTES = 100_000  # of a folder's file
_KEY = re.compile(r"""\W*(\w[\w.]*)["' \t]*[:=]""")
_OPENING, _INSIDE = re.compile(r"[{\[]"), re.compile(r"[{\[,]")
# How a file of groups may be called by a slip; what other endings there are, editors leave.
_MARKS, _ENDINGS = "._- ", re.compile(r"(\.(txt|text|md|markdown|ya?ml|toml|json|csv|ini|conf|cfg|list))+$")
_FENCE = re.compile(r"\W+")
_FIRST_LINES = 20
_HOW = "Write names, such as groups: [hr, legal]"
IN_FRONT = f"{_HOW}, in its front matter"
IN_RECORD = 'Write names, such as "groups": ["hr", "legal"], beside its text'
IN_FOLDER = f"Take it out of the page, and write names into the file {FILE} of its folder"
_CLOSED = "where access is by groups, nobody sees"


class BadGroups(ValueError):
    """What is no list of groups' names: the message says why."""


def folded_group(name: str) -> str:
    """A group's name as it is compared: NFC, case folded, without space around it. Raises BadGroups."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).strip()
    if not folded or len(folded) > _LONGEST:
        raise BadGroups(f"a name has {len(folded)} characters; 1 to {_LONGEST} will do")
    if not folded.isprintable():
        raise BadGroups(f"the name {name[:40]!r} has characters that cannot be shown")
    if _SIGNS.search(folded):
        raise BadGroups(f"the name {name[:40]!r} has a sign that stands between names")
    return folded


def named_groups(text: str, most: int) -> frozenset[str]:
    """The names in one text, commas or semicolons between them; at most so many. Raises BadGroups."""
    return _bounded((part for part in _SIGNS.split(text) if part.strip()), most)


def read_groups(value: object) -> tuple[str, ...]:
    """The groups that a metadata field holds, in order: a list of names, or one text with commas.

    Raises BadArticle for anything else, for no name at all and for more than 100.
    """
    try:
        if isinstance(value, str):
            found = named_groups(value, MOST_OF_ARTICLE)
        elif isinstance(value, list) and all(isinstance(name, str) for name in value):
            found = _bounded(value, MOST_OF_ARTICLE)
        else:
            raise BadGroups("it is no list of names")
        if not found:
            raise BadGroups("it names none")
    except BadGroups as error:
        raise BadArticle(f"its groups cannot be read: {error}. {_HOW}, or leave the field out") from error
    return tuple(sorted(found))


def _bounded(names: Iterable[str], most: int) -> frozenset[str]:
    found = frozenset(folded_group(name) for name in names)
    if len(found) > most:
        raise BadGroups(f"it names {len(found):,}; at most {most} are read")
    return found


def misspelt(keys: Iterable[object]) -> str:
    """The first key that may be meant for `groups`, by a slip or at the wrong place; empty where there is none."""
    return next((key for key in keys if isinstance(key, str) and _is_near(key.rpartition(".")[2], FIELD)), "")


def keys_of(head: str) -> list[str]:
    """What stands before a colon or an equals sign at the beginning of each line, or inside brackets in it.

    In NFKC, which makes a full-width colon an ordinary one.
    """
    lines = unicodedata.normalize("NFKC", head).split("\n")
    return [match[1] for line in lines for part in _parts(line) if (match := _KEY.match(part))]


def _parts(line: str) -> list[str]:
    """Where a key may begin; a comma before the first bracket is one of prose."""
    plain, *inside = _OPENING.split(line, 1)
    return [plain, *(part for text in inside for part in _INSIDE.split(text))]


def head_of(text: str) -> str:
    """The lines of a text without front matter where somebody may have meant to write some."""
    return fenced_head_of(text) or "\n".join(_first_lines(text)).partition("\n\n")[0]


def fenced_head_of(text: str) -> str:
    """The first lines of a text that opens with a rule; empty for any other."""
    lines = _first_lines(text)
    return "\n".join(lines) if _FENCE.fullmatch(lines[0]) else ""


def _first_lines(text: str) -> list[str]:
    return text.lstrip().split("\n", _FIRST_LINES)[:_FIRST_LINES]


def said_closed(key: str, how: str) -> str:
    """The note on an article with a misspelt key; `how` to name its groups instead."""
    return f"{key[:40]!r} may be meant for groups: {_CLOSED} this article. {how}"


def _is_near(name: str, wanted: str) -> bool:
    return OSA.distance(unicodedata.normalize("NFKC", name).strip().casefold(), wanted) <= 1


def ungrouped(articles: Catalogue) -> int:
    """How many articles name no group, so that nobody sees them where access is by groups."""
    return sum(not names for names in articles.column("groups"))


class Inherited:
    """The groups that a folder's articles have where they name none: those of the nearest `.groups` file."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[Path, tuple[str, ...]] = {}
        self.problems: list[tuple[Path, str]] = []

    def of(self, folder: Path) -> tuple[str, ...]:
        """Those of the articles in this folder, which is the root or lies below it."""
        below: list[Path] = []
        while folder not in self._known and folder != self._root:
            below.append(folder)
            folder = folder.parent
        found = self._known[folder] if folder in self._known else self._keep(folder, ())
        for child in reversed(below):
            found = self._keep(child, found)
        return found

    def _keep(self, folder: Path, above: tuple[str, ...]) -> tuple[str, ...]:
        own = self._own(folder)
        self._known[folder] = above if own is None else own
        return self._known[folder]

    def _own(self, folder: Path) -> tuple[str, ...] | None:
        """The names in the folder's own file; none where it cannot be read, None without one."""
        try:
            entries = {entry.name: entry for entry in folder.iterdir()}
            near = sorted(name for name, entry in entries.items() if _may_be_meant(entry))
        except OSError:  # told where the folder is read
            return ()
        if FILE not in entries:
            rename = f"its name is not {FILE}. Rename it, or put a file {FILE} beside it if it is something else"
            return self._closed(folder / near[0], rename) if near else None
        path = folder / FILE
        try:
            return _in_file(path)
        except (BadArticle, BadGroups) as error:
            return self._closed(path, f"{error}. Write a name a line")

    def _closed(self, path: Path, reason: str) -> tuple[str, ...]:
        self.problems.append((path, f"{reason}; {_CLOSED} the articles below it that name no group themselves"))
        return ()


def _may_be_meant(entry: Path) -> bool:
    """Whether the name may be a slip for that of a file of groups; a folder of articles may have any name."""
    name = entry.name.casefold()
    is_near = _is_near(_ENDINGS.sub("", name.lstrip(_MARKS)), FIELD) and not name.endswith("~")  # an editor's copy
    return is_near and (name.startswith(".") or not entry.is_dir())


def _in_file(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        raise BadGroups("not an ordinary file")
    try:
        lines = file_bytes(path, _MOST_BYTES).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadGroups("it is not UTF-8") from error
    found = _bounded((line for line in lines if line.strip() and not line.startswith("#")), MOST_OF_ARTICLE)
    if not found:
        raise BadGroups("it names no group")
    return tuple(sorted(found))
