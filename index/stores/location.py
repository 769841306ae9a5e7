"""Where a collection is kept: a folder of builds on this machine, or a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from index.encoder.model_files import Identity
from index.errors import UserError
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.reading.files import MAX_FILE_BYTES
from index.reading.shards import WHOLE, Shard
from index.search.store import Store
from index.stores.notes import Notes

if TYPE_CHECKING:  # what builds is slow to import, and asking a question builds nothing
    from index.ingestion.report import Report

Stamp: TypeAlias = tuple[int, ...]
Kept: TypeAlias = tuple[str, Manifest]
"""A finished build: its name, and what it was made of."""


class NotHere(UserError):
    """Something is asked of a place that keeps collections in another way."""


@dataclass(frozen=True, slots=True)
class BuildWork:
    """What a build is made of: a folder of articles or a shard of it, an encoder, and how hard to try.

    `wait` is for how many seconds another build, or a database that is away, is waited for.
    """

    folder: Path
    identity: Identity
    max_file_bytes: int = MAX_FILE_BYTES
    force: bool = False
    wait: float = 0
    show_progress: bool = False
    shard: Shard = WHOLE


class Location(Notes, Protocol):
    """Where a collection is kept; its text is for people and holds no password."""

    def open(self) -> Store:
        """What is live there. Raises NoIndex, ForeignIndex, DamagedIndex or Unavailable."""

    def stamp(self) -> Stamp:
        """What changes whenever other content is live; cheap enough to ask before every answer."""

    def build(self, work: BuildWork) -> "Report":
        """Index a folder there. Raises BadFolder, BadModel, BuildFailed, ForeignIndex or Unavailable."""

    def replace(self, articles: Iterable[EncodedArticle], manifest: Manifest, *, show_progress: bool = False) -> None:
        """Take over all of another store in the place of what is there.

        Raises BadRecord, BuildFailed or Unavailable.
        """

    def bytes(self) -> int:
        """How much room the content takes on disk."""

    def kept(self) -> list[Kept]:
        """The builds that are kept, the live one first; none where content is changed in place."""

    def roll_back(self) -> tuple[Kept, str]:
        """Go back to the build before: it, and the name of the one that was live. Raises NoOtherBuild or NotHere."""

    def verify(self) -> tuple[str, list[str]]:
        """The name of what is live, and what is wrong with it, a sentence each."""

    def argument(self) -> tuple[str, Mapping[str, str]]:
        """What `--index` is given for it in another process, and variables with what must not stand there."""
