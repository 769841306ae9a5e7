"""The manifest of a build: its inputs and settings, and the size and hash of every file."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from index.articles.article import Article
from index.encoder.model_files import Identity
from index.errors import REBUILD, DamagedIndex, ForeignIndex
from index.ingestion.background import UNKNOWN, Background
from index.passages.chunking import Chunking
from index.reading.formats.programs import NONE, Programs

FORMAT = 12  # raise it with any change to the files, reading or chunking
_SAME_VECTORS = 7  # the oldest format whose vectors and tables of passages are those of today
FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """Size in bytes and sha256 (hex) of one file of a build."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of articles, passages and sentences in a build."""

    articles: int
    passages: int
    sentences: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a folder's files, in visible characters.

    `characters` = `in_passages` + the sum of `skipped` (by reason) + `lost`. `lost_files` could not
    be read, whole or in part, so their characters are unknown.
    """

    files: int
    lost_files: int
    articles: int
    characters: int
    in_passages: int
    skipped: dict[str, int]
    lost: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest: `name` is the hash of the inputs, `created` is UTC in ISO form.

    `vectors` is the FAISS factory string of the index of the passages' vectors. `folder` is the path of the
    folder of articles, or those of several, one a line. `max_file_bytes` is the size limit of files. `coverage` is None
    for a build of articles without files. `background` is that of the encoder on these passages. `synonyms` are the
    groups of words that mean the same to the owner. `programs` have helped to read the files.
    """

    name: str
    identity: Identity
    chunking: Chunking
    counts: Counts
    dimension: int
    vectors: str
    folder: str
    created: str
    max_file_bytes: int
    files: dict[str, FileRecord] = field(default_factory=dict)
    coverage: Coverage | None = None
    background: Background = UNKNOWN
    synonyms: tuple[tuple[str, ...], ...] = ()
    programs: Programs = NONE

    def to_json(self) -> str:
        """The manifest as written to disk."""
        return json.dumps({"format": FORMAT, **dataclasses.asdict(self)}, ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True)
class Origin:
    """The encoder, the width and the files of vectors that a build of this or of an earlier format holds."""

    identity: Identity
    dimension: int
    files: dict[str, FileRecord]


def build_name(
    articles: Iterable[Article],
    identity: Identity,
    chunking: Chunking,
    folder: str,
    synonyms: Sequence[Sequence[str]] = (),
    *,
    programs: Programs = NONE,
) -> str:
    """The name of a build of these inputs: equal inputs give equal names."""
    inputs = {
        "format": FORMAT,
        "identity": dataclasses.asdict(identity),
        "chunking": dataclasses.asdict(chunking),
        "folder": folder,
        "synonyms": synonyms,
        "programs": dataclasses.asdict(programs),
        "articles": [[a.id, a.sha256, a.file, a.groups, a.changed, a.fetched] for a in articles],
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the build in `folder`.

    Raises FileNotFoundError without a manifest, ForeignIndex for another format and DamagedIndex for
    an invalid one.
    """
    with _told(folder):
        return _manifest(_fields(folder, FORMAT))


def read_origin(folder: Path) -> Origin:
    """The origin of the vectors of the build in `folder`.

    Raises as `read_manifest` does, ForeignIndex only for a format with other vectors.
    """
    with _told(folder):
        fields = _fields(folder, _SAME_VECTORS)
        files = {name: FileRecord(**record) for name, record in fields["files"].items()}
        return Origin(Identity(**fields["identity"]), int(fields["dimension"]), files)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Raise DamagedIndex instead of errors of reading an invalid manifest."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(f"{folder / FILE} is damaged ({error}). {REBUILD}") from error


def _fields(folder: Path, oldest: int) -> dict[str, Any]:
    """The fields of a manifest whose format is one from `oldest` to FORMAT. Raises ForeignIndex for another."""
    fields: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
    written = fields.pop("format")
    if not oldest <= written <= FORMAT:
        kept = ", and a build takes its vectors over" if _SAME_VECTORS <= written < FORMAT else ""
        read = f"this program reads format {FORMAT}{kept}"
        raise ForeignIndex(f"{folder} is of index format {written}; {read}. {REBUILD}")
    return fields


def _manifest(fields: dict[str, Any]) -> Manifest:
    parts: dict[str, Any] = {
        "identity": Identity(**fields.pop("identity")),
        "chunking": Chunking(**fields.pop("chunking")),
        "counts": Counts(**fields.pop("counts")),
        "coverage": Coverage(**coverage) if (coverage := fields.pop("coverage")) else None,
        "background": Background(**fields.pop("background")),
        "synonyms": tuple(tuple(map(str, group)) for group in fields.pop("synonyms")),
        "programs": Programs(**fields.pop("programs")),
        "files": {name: FileRecord(**record) for name, record in fields.pop("files").items()},
    }
    datetime.fromisoformat(fields["created"])  # raises ValueError for an invalid date
    return Manifest(**parts, **fields)
