"""The protocol of a location: a folder of builds or a database that holds a collection."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from index.encoder.model_files import Identity
from index.errors import UserError
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.reading.files import MAX_FILE_BYTES
from index.reading.formats.programs import NONE, Programs
from index.reading.places.folders import Where
from index.reading.shards import WHOLE, Shard
from index.search.store import Store
from index.stores.notes import Notes

if TYPE_CHECKING:  # slow to import, and not needed to answer questions
    from index.ingestion.report import Report

Stamp: TypeAlias = tuple[int, ...]
NamedBuild: TypeAlias = tuple[str, Manifest]
"""A build's name and manifest."""


class NotSupported(UserError):
    """An operation or address that this engine or installation does not support."""


@dataclass(frozen=True, slots=True)
class BuildWork:
    """Input and settings of a build: a folder of articles or several, or a shard of them, and an encoder.

    `wait` is the time in seconds to wait for another build or for an unreachable database.
    """

    folder: Where
    identity: Identity
    max_file_bytes: int = MAX_FILE_BYTES
    force: bool = False
    wait: float = 0
    show_progress: bool = False
    shard: Shard = WHOLE
    programs: Programs = NONE


class Location(Notes, Protocol):
    """Holder of a collection; `str` of it is for people and contains no password."""

    def open(self) -> Store:
        """Open the live content. Raises NoIndex, ForeignIndex, DamagedIndex or Unavailable."""

    def open_kept(self, name: str) -> Store:
        """Open the kept build whose name begins so. Raises NoIndex, ForeignIndex, DamagedIndex or NotSupported."""

    def stamp(self) -> Stamp:
        """A value that changes with the live content; cheap enough to read before every answer."""

    def build(self, work: BuildWork) -> "Report":
        """Index a folder. Raises BadFolder, BadModel, BuildFailed, ForeignIndex or Unavailable."""

    def replace(self, articles: Iterable[EncodedArticle], manifest: Manifest, *, show_progress: bool = False) -> None:
        """Replace the content with that of another store.

        Raises BadRecord, BuildFailed or Unavailable.
        """

    def join(self, shards: "Sequence[Location]", *, partial_answers: bool = False) -> None:
        """Join shards, which hold a part of the articles each, to one collection.

        With `partial_answers` it is searched without a shard that is down; otherwise that is an error.
        Raises NotSupported, NoIndex, ForeignIndex or Unavailable.
        """

    def bytes(self) -> int:
        """Size of the content on disk."""

    def keywords(self) -> str:
        """The name of the index that finds passages by their words."""

    def builds(self) -> list[NamedBuild]:
        """Stored builds, the live one first; empty if content is changed in place."""

    def roll_back(self) -> tuple[NamedBuild, str]:
        """Make the previous build live. Returns it and the name of the former live build.

        Raises UserError without an earlier build, or NotSupported.
        """

    def verify(self) -> tuple[str, list[str]]:
        """The name of the live content and its defects, a sentence each."""

    def argument(self) -> tuple[str, Mapping[str, str]]:
        """The `--index` argument for a child process, and environment variables for secrets.

        Secrets must not appear in a command line.
        """
