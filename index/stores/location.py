"""Where a collection is kept: a folder of builds on this machine, or a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from index.encoder.model_files import Identity
from index.errors import BadShard, UserError
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest, read_manifest
from index.reading.shards import WHOLE, Shard
from index.search.store import Store
from index.stores.builds.directory import open_live, pointer_stamp, verify_live
from index.stores.builds.rollback import kept_builds, roll_back
from index.stores.builds.store import read_store

if TYPE_CHECKING:  # what builds is slow to import, and asking a question builds nothing
    from index.stores.builds.build import Report

Stamp: TypeAlias = tuple[int, ...]
Kept: TypeAlias = tuple[str, Manifest]
"""A finished build: its name, and what it was made of."""

_DATABASES = ("postgresql://", "postgres://")
_MAX_FILE_BYTES = 10_000_000


class NotHere(UserError):
    """Something is asked of a place that keeps collections in another way."""


@dataclass(frozen=True, slots=True)
class BuildWork:
    """What a build is made of: a folder of articles or a shard of it, an encoder, and how hard to try.

    `wait` is for how many seconds another build, or a database that is away, is waited for.
    """

    folder: Path
    identity: Identity
    max_file_bytes: int = _MAX_FILE_BYTES
    force: bool = False
    wait: float = 0
    show_progress: bool = False
    shard: Shard = WHOLE


class Location(Protocol):
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

    def read_note(self, name: str) -> str | None:
        """A small document that is kept beside the content, None where there is none."""

    def write_note(self, name: str, content: str) -> None:
        """Keep a small document in the place of the one of this name. Raises OSError or Unavailable."""

    def note_stamp(self, name: str) -> int:
        """What changes whenever that document is written; 0 without one."""

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


Where: TypeAlias = Location | Path | str


def located(where: Where) -> Location:
    """The location that a text names: a database by `postgresql://…`, else a folder. Raises UserError."""
    if not isinstance(where, str | Path):
        return where
    if isinstance(where, str) and "://" in where and not where.startswith(_DATABASES):
        raise NotHere("the index has an address of no known kind. Give postgresql://USER@HOST/DATABASE, or a folder")
    if isinstance(where, str) and where.startswith(_DATABASES):
        try:
            from index.stores.postgresql.location import Database
        except ModuleNotFoundError as error:
            raise NotHere(
                f"a database needs {error.name}, which is not installed. "
                'Install it: python -m pip install "psycopg[binary,pool]"'
            ) from error
        return Database(where)
    return BuildsFolder(Path(where))


@dataclass(frozen=True, slots=True)
class BuildsFolder:
    """A folder of builds, of which CURRENT names the live one."""

    root: Path

    def __str__(self) -> str:
        return str(self.root)

    def open(self) -> Store:
        """The live build."""
        store: Store = open_live(self.root, read_store)
        return store

    def stamp(self) -> Stamp:
        """What changes whenever another build goes live."""
        return pointer_stamp(self.root)

    def build(self, work: BuildWork) -> "Report":
        """Index a folder below `root`, as `index.stores.builds.build.build` says."""
        from index.stores.builds.build import build

        if not work.shard.is_whole:
            raise BadShard(
                f"{self.root} is a folder of builds, which is made whole. Only a database is built in shards"
            )
        return build(
            work.folder,
            self.root,
            work.identity,
            max_file_bytes=work.max_file_bytes,
            force=work.force,
            wait=work.wait,
            show_progress=work.show_progress,
        )

    def replace(self, articles: Iterable[EncodedArticle], manifest: Manifest, *, show_progress: bool = False) -> None:
        """Make a build of what another store holds, and keep the one before it."""
        from index.stores.builds.writer import write_encoded

        write_encoded(articles, manifest, self.root, show_progress=show_progress)

    def read_note(self, name: str) -> str | None:
        """The content of a file beside the builds; raises OSError or ValueError where it cannot be read."""
        path = self.root / name
        return path.read_text("utf-8") if path.is_file() else None

    def write_note(self, name: str, content: str) -> None:
        """Write a file beside the builds, whole or not at all."""
        fresh = self.root / f"{name}.new"
        fresh.write_text(content, "utf-8")
        fresh.replace(self.root / name)

    def note_stamp(self, name: str) -> int:
        """When that file was written, in nanoseconds."""
        try:
            return (self.root / name).stat().st_mtime_ns
        except OSError:
            return 0

    def bytes(self) -> int:
        """What the live build's files take."""
        return sum(record.bytes for record in self.open().manifest.files.values())

    def kept(self) -> list[Kept]:
        """The builds that are kept."""
        return [(folder.name, manifest) for folder, manifest in kept_builds(self.root)]

    def roll_back(self) -> tuple[Kept, str]:
        """Make the build before the live one."""
        build, before = roll_back(self.root)
        return (build.name, read_manifest(build)), before.name

    def verify(self) -> tuple[str, list[str]]:
        """The live build's name, and which of its files are missing or altered."""
        folder, damaged = verify_live(self.root)
        return folder.name, [f"{folder / file} is missing or altered" for file in damaged]

    def argument(self) -> tuple[str, Mapping[str, str]]:
        """Its path from wherever the other process starts."""
        return str(self.root.absolute()), {}
