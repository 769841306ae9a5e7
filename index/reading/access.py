"""Groups that may see an article. Unreadable groups fail closed: nobody sees the article."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from rapidfuzz.distance import OSA

from index.articles.catalogue import Catalogue
from index.errors import BadArticle, UserError
from index.patterns import lazy
from index.reading.files import file_bytes, lines_of

FIELD = "groups"  # of an article's metadata
FILE = ".groups"  # of a folder: the groups of articles below it without groups of their own
MOST_OF_ARTICLE, MOST_OF_PERSON = 100, 1_000
_LONGEST = 200  # characters of a name
_SIGNS = lazy("[,;]")
_MOST_BYTES = 100_000  # of a folder's file
_KEY = lazy(r"""\W*(\w[\w.]*)["' \t]*[:=]""")
_OPENING, _INSIDE = lazy(r"[{\[]"), lazy(r"[{\[,]")
# Likely misnamings of a file of groups; further endings are left by editors.
_MARKS, _ENDINGS = "._- ", lazy(r"(\.(txt|text|md|markdown|ya?ml|toml|json|csv|ini|conf|cfg|list))+$")
_FENCE = lazy(r"\W+")
_FIRST_LINES = 20
_HOW = "Write names, such as groups: [hr, legal]"
IN_FRONT = f"{_HOW}, in its front matter"
IN_RECORD = 'Write names, such as "groups": ["hr", "legal"], beside its text'
IN_FOLDER = f"Take it out of the page, and write names into the file {FILE} of its folder"
_CLOSED = "where access is by groups, nobody sees"


class BadGroups(UserError):
    """A value is not a list of group names; the message says why."""


def folded_group(name: str) -> str:
    """A group's name for comparison: NFC, case folded, without surrounding space. Raises BadGroups."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).strip()
    if not folded or len(folded) > _LONGEST:
        raise BadGroups(f"a name has {len(folded)} characters; 1 to {_LONGEST} will do")
    if not folded.isprintable():
        raise BadGroups(f"the name {name[:40]!r} has characters that cannot be shown")
    if _SIGNS.search(folded):
        raise BadGroups(f"the name {name[:40]!r} has a sign that stands between names")
    return folded


def named_groups(text: str, most: int) -> frozenset[str]:
    """The names in a text, separated by commas or semicolons. Raises BadGroups, also for over `most` names."""
    return _bounded((part for part in _SIGNS.split(text) if part.strip()), most)


def read_groups(value: object) -> tuple[str, ...]:
    """The sorted groups of a metadata field, which is a list of names or a text with commas.

    Raises BadArticle for anything else, without a name and for over 100 names.
    """
    try:
        if isinstance(value, str):
            return _some(named_groups(value, MOST_OF_ARTICLE))
        if isinstance(value, list) and all(isinstance(name, str) for name in value):
            return _some(_bounded(value, MOST_OF_ARTICLE))
        raise BadGroups("it is no list of names")
    except BadGroups as error:
        raise BadArticle(f"its groups cannot be read: {error}. {_HOW}, or leave the field out") from error


def _bounded(names: Iterable[str], most: int) -> frozenset[str]:
    folded = frozenset(folded_group(name) for name in names)
    if len(folded) > most:
        raise BadGroups(f"it names {len(folded):,}; at most {most} are read")
    return folded


def _some(names: frozenset[str]) -> tuple[str, ...]:
    """The names in order. Raises BadGroups without a name."""
    if not names:
        raise BadGroups("it names no group")
    return tuple(sorted(names))


def misspelt(keys: Iterable[object]) -> str:
    """The first key that may be a misspelt or misplaced `groups`; empty without such a key."""
    return next((key for key in keys if isinstance(key, str) and _is_near(key.rpartition(".")[2], FIELD)), "")


def keys_of(head: str) -> list[str]:
    """The keys before a colon or an equals sign at the beginning of each line, or inside its brackets.

    In NFKC, which turns a full-width colon into an ordinary one. A comma before the first bracket is prose.
    """
    parts: list[str] = []
    for line in unicodedata.normalize("NFKC", head).split("\n"):
        plain, *inside = _OPENING.split(line, 1)
        parts += [plain, *(part for text in inside for part in _INSIDE.split(text))]
    return [match[1] for part in parts if (match := _KEY.match(part))]


def head_of(text: str, *, fenced: bool = False) -> str:
    """The first lines of a text, where front matter may have failed; empty if `fenced` and not below a rule."""
    lines = text.lstrip().split("\n", _FIRST_LINES)[:_FIRST_LINES]
    if _FENCE.fullmatch(lines[0]):
        return "\n".join(lines)
    return "" if fenced else "\n".join(lines).partition("\n\n")[0]


def closed_note(key: str, how: str) -> str:
    """The note on an article with a misspelt key; `how` says how to name its groups."""
    return f"{key[:40]!r} may be meant for groups: {_CLOSED} this article. {how}"


def _is_near(name: str, target: str) -> bool:
    return OSA.distance(unicodedata.normalize("NFKC", name).strip().casefold(), target) <= 1


def ungrouped(articles: Catalogue) -> int:
    """The number of articles without groups, which nobody sees if access is by groups."""
    return sum(not names for names in articles.column("groups"))


class Inherited:
    """The groups of articles without groups of their own: those in the nearest `.groups` file above them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[Path, tuple[str, ...]] = {}
        self.problems: list[tuple[Path, str]] = []

    def of(self, folder: Path) -> tuple[str, ...]:
        """The inherited groups in this folder, which is the root or below it."""
        if folder not in self._known:
            groups = self._of_file(folder)
            if groups is None:
                groups = () if folder == self._root else self.of(folder.parent)
            self._known[folder] = groups
        return self._known[folder]

    def _of_file(self, folder: Path) -> tuple[str, ...] | None:
        """The names in the folder's own file; empty if it cannot be read, None without a file."""
        try:
            entries = {entry.name: entry for entry in folder.iterdir()}
            near = sorted(name for name, entry in entries.items() if _may_be_meant(entry))
        except OSError:  # reported when the folder is read
            return ()
        if FILE not in entries:
            rename = f"its name is not {FILE}. Rename it, or put a file {FILE} beside it if it is something else"
            return self._closed(folder / near[0], rename) if near else None
        try:
            return _in_file(folder / FILE, self._root)
        except (BadArticle, BadGroups) as error:
            return self._closed(folder / FILE, f"{error}. Write a name a line")

    def _closed(self, path: Path, reason: str) -> tuple[str, ...]:
        self.problems.append((path, f"{reason}; {_CLOSED} the articles below it that name no group themselves"))
        return ()


def _may_be_meant(entry: Path) -> bool:
    """Whether the entry may be a misnamed file of groups; a folder of articles may have any name."""
    return may_name_groups(entry.name) and (entry.name.startswith(".") or not entry.is_dir())


def may_name_groups(name: str) -> bool:
    """Whether a file with this name may be meant to name the groups of a folder."""
    name = name.casefold()
    return _is_near(_ENDINGS.sub("", name.lstrip(_MARKS)), FIELD) and not name.endswith("~")  # an editor's copy


def _in_file(path: Path, root: Path) -> tuple[str, ...]:
    if not path.is_file():
        raise BadGroups("not an ordinary file")
    if not path.resolve().is_relative_to(root.resolve()):
        raise BadGroups("a link out of the folder is not followed. Put the file itself here")
    try:
        lines = lines_of(file_bytes(path, _MOST_BYTES).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadGroups("it is not UTF-8") from error
    names = (line for line in lines if line.strip() and not line.startswith("#"))
    return _some(_bounded(names, MOST_OF_ARTICLE))
