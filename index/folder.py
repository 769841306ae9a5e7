"""A folder of articles: which files there are, which become articles, what is wrong with the rest."""

import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from index.articles import Article
from index.errors import BadArticle, BadFolder, EmptyArticle
from index.reading import SUFFIXES, read_article

MAX_FILE_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file, or a part of its metadata, is not in the index. `lost`: its text is missing."""

    file: str
    reason: str
    lost: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """The readable articles of a folder sorted by id, and what could not be read."""

    articles: list[Article]
    problems: list[Problem] = field(default_factory=list)
    ignored: int = 0  # files of other kinds


def read_folder(folder: Path, max_file_bytes: int = MAX_FILE_BYTES) -> Folder:
    """Read every article below `folder`. Hidden files and folders are passed over.

    One bad file never stops the others. Raises BadFolder where the folder is missing or holds
    no article at all.
    """
    if what := _hindrance(folder):
        raise BadFolder(f"{folder} {what}. Name a folder of articles: python -m index build FOLDER")
    found = Folder([], [])
    candidates, ignored = _candidates(folder, found.problems)
    taken: dict[str, str] = {}
    for path in candidates:
        name = path.relative_to(folder).as_posix()
        try:
            article_id = _article_id(path, folder, taken)
            article, warnings = read_article(path, article_id, max_file_bytes)
        except BadArticle as error:
            found.problems.append(Problem(_printable(name), str(error), lost=not isinstance(error, EmptyArticle)))
            continue
        taken[article_id] = name
        found.articles.append(article)
        found.problems.extend(Problem(name, warning, lost=False) for warning in warnings)
    if not found.articles:
        raise BadFolder(_nothing(folder, found.problems, ignored))
    found.articles.sort(key=lambda article: article.id)
    return Folder(found.articles, found.problems, ignored)


def _hindrance(folder: Path) -> str:
    try:
        if folder.is_dir():
            return ""
        return "is not a folder" if folder.exists() else "does not exist"
    except PermissionError:
        return "may not be opened by this user"
    except OSError as error:
        return f"cannot be opened ({error.strerror})"


def _candidates(folder: Path, problems: list[Problem]) -> tuple[list[Path], int]:
    def report(error: OSError) -> None:
        name = os.path.relpath(error.filename, folder) if error.filename else str(folder)
        problems.append(Problem(_printable(name), f"folder cannot be read: {error.strerror}", lost=True))

    paths, ignored = [], 0
    for parent, folders, files in os.walk(folder, onerror=report, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if name.startswith("."):
                continue
            if path.suffix.lower() in SUFFIXES:
                paths.append(path)
            else:
                ignored += 1
        problems.extend(_linked_folders(Path(parent), folders, folder))
    return paths, ignored


def _linked_folders(parent: Path, names: list[str], folder: Path) -> list[Problem]:
    links = [parent / name for name in names if (parent / name).is_symlink()]
    reason = "a link to a folder is not followed. Put the articles themselves here"
    return [Problem(_printable(link.relative_to(folder).as_posix()), reason, lost=True) for link in links]


def _article_id(path: Path, folder: Path, taken: dict[str, str]) -> str:
    """The file's path in the folder without its suffix. Raises BadArticle where it will not do."""
    relative = path.relative_to(folder)
    article_id = unicodedata.normalize("NFC", relative.with_suffix("").as_posix())
    if _printable(article_id) != article_id:
        raise BadArticle("the file's name has characters that cannot be shown. Rename it")
    if article_id in taken:
        raise BadArticle(f"same id {article_id!r} as {taken[article_id]}. Rename one of them")
    try:
        target = path.resolve(strict=True)
    except (FileNotFoundError, RuntimeError) as error:  # a circle of links is a RuntimeError
        raise BadArticle("a link that leads nowhere. Put the file itself here") from error
    except OSError as error:
        raise BadArticle(f"cannot be read: {error.strerror}") from error
    if not target.is_relative_to(folder.resolve()):
        raise BadArticle("a link out of the folder is not followed. Put the file itself here")
    if not target.is_file():
        raise BadArticle("not an ordinary file")
    return article_id


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _nothing(folder: Path, problems: list[Problem], ignored: int) -> str:
    wanted = " or ".join(SUFFIXES)
    if problems:
        listed = "\n".join(f"  {problem.file}: {problem.reason}" for problem in problems[:20])
        return f"no file in {folder} could be read as an article:\n{listed}"
    other = f" ({ignored} files of other kinds)" if ignored else ""
    return f"no articles in {folder}{other}. Put {wanted} files there and build again"
