"""The manifest of a build: its inputs and settings, and the size and hash of every file."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
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

FORMAT = 10  # raise it with any change to the files, reading or chunking
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
    path = folder / FILE
    try:
        fields = json.loads(path.read_text("utf-8"))
        written = fields.pop("format")
        if written != FORMAT:
            raise ForeignIndex(f"{folder} is of index format {written}; this program reads format {FORMAT}. {REBUILD}")
        return _manifest(fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(f"{path} is damaged ({error}). {REBUILD}") from error


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
