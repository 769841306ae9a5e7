"""Files in other files: members of archives and attachments of e-mails, at any depth, within bounds."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath

from index.articles.article import clean
from index.errors import BadArticle, EmptyArticle
from index.patterns import lazy
from index.reading.formats.adapters import CONTAINERS
from index.reading.formats.extract import Member

MOST_BYTES = 100_000_000  # of all members of a file
MOST_MEMBERS = 5_000
DEEPEST = 3  # containers in each other
OWNER = "~$"  # beginning of the name of a file that Word keeps while another is open
_LEAVINGS = ("node_modules", "__pycache__", "__MACOSX")  # folders that hold no articles
_LONGEST_PART, _LONGEST = 100, 150  # characters of a name, and of all its folders
_DRIVE = lazy(r"\A[A-Za-z]:")


def unfolded(raw: bytes, suffix: str, opened: Callable[[str, bytes], Sequence[Member]]) -> Iterator[Member]:
    """A file with this suffix, whose path is empty, and after each container the files in it, by their paths.

    `opened` does the work of `members_of`. A file beyond the bounds has a fault in place of a content.
    """
    left, bytes_left = MOST_MEMBERS, MOST_BYTES
    waiting = [(0, Member("", raw))]
    while waiting:
        depth, file = waiting.pop()
        yield file
        kind = suffix_of(file.name) if depth else suffix
        if file.fault or kind not in CONTAINERS:
            continue
        try:
            members = named(file.name, opened(kind, file.content))
        except BadArticle as error:
            yield Member(file.name, fault=str(error), is_lost=not isinstance(error, EmptyArticle))
            continue
        left, bytes_left = left - len(members), bytes_left - sum(len(member.content) for member in members)
        if left < 0 or bytes_left < 0:
            bounds = f"{MOST_MEMBERS:,} files or {MOST_BYTES // 1_000_000} MB"
            yield Member(file.name, fault=f"with the files in it there are over {bounds}: not opened. Split it")
            return
        if depth == DEEPEST:
            deep = f"lies in over {DEEPEST} files in each other: not read. Unpack the outermost"
            members = [Member(member.name, fault=deep) for member in members]
        waiting += [(depth + 1, member) for member in reversed(members)]


def is_passed(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or a folder that a program has left."""
    return name.startswith(".") or name in _LEAVINGS


def named(container: str, members: Sequence[Member]) -> list[Member]:
    """The members, each with a path of its own below its container that will do as an id."""
    times = Counter[str]()
    renamed, taken = [], set[str]()
    for member in members:
        path = PurePosixPath(_safe(member.name))
        while (name := _numbered(path, times[str(path)])) in taken:
            times[str(path)] += 1
        taken.add(name)
        renamed.append(replace(member, name=f"{container}/{name}".lstrip("/")))
    return renamed


@lru_cache(maxsize=16_384)
def holders(file: str) -> tuple[str, ...]:
    """The paths of the files that may hold the file at this path, the outermost first."""
    return tuple(str(path) for path in reversed(PurePosixPath(file).parents) if suffix_of(path.name) in CONTAINERS)


def suffix_of(name: str) -> str:
    """The suffix of a file in small letters."""
    return PurePosixPath(name).suffix.lower()


def _safe(written: str) -> str:
    """A relative path without anything that cannot be shown."""
    parts = (part.strip() for part in _DRIVE.sub("", written).replace("\\", "/").split("/"))
    kept = [_short(_shown(part)) for part in parts if part not in ("", ".", "..")]
    return "/".join(kept)[-_LONGEST:].lstrip("/") or "unnamed"


def _shown(part: str) -> str:
    return clean("".join(c if c.isprintable() else "_" for c in part)) or "_"


def _short(part: str) -> str:
    """A name that keeps its suffix."""
    end = PurePosixPath(part).suffix if len(part) > _LONGEST_PART else ""
    return f"{part[: _LONGEST_PART - len(end)]}{end}" if len(end) < _LONGEST_PART else part[:_LONGEST_PART]


def _numbered(path: PurePosixPath, earlier: int) -> str:
    return str(path.with_name(f"{path.stem} ({earlier + 1}){path.suffix}") if earlier else path)
