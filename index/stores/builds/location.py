"""A folder of builds: an `index.stores.location.Location`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import NoIndex, UserError
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest, read_manifest
from index.search.store import Store
from index.stores.builds.directory import POINTER, open_live, roll_back, verify_live, whole_builds
from index.stores.builds.store import read_store
from index.stores.location import BuildWork, Location, NamedBuild, NotSupported, Stamp
from index.stores.notes import FolderNotes

if TYPE_CHECKING:
    from index.ingestion.report import Report


@dataclass(frozen=True, slots=True)
class BuildsFolder(FolderNotes):
    """A folder of builds; its file CURRENT names the live build."""

    def open(self) -> Store:
        """Open the live build."""
        store: Store = open_live(self.root, read_store)
        return store

    def open_kept(self, name: str) -> Store:
        """Open the kept build whose name begins so."""
        kept = [folder for folder, _ in whole_builds(self.root)] if (self.root / POINTER).exists() else []
        named = [folder for folder in kept if folder.name == name] or [
            folder for folder in kept if folder.name.startswith(name)
        ]
        if len(named) != 1:
            names = ", ".join(folder.name for folder in kept) or "none"
            raise NoIndex(f"{self.root} keeps no build {name!r}. It keeps: {names}")
        store: Store = read_store(named[0])
        return store

    def stamp(self) -> Stamp:
        """A value that changes when another build goes live."""
        try:
            pointer = (self.root / POINTER).stat()
        except OSError:
            return ()
        return pointer.st_mtime_ns, pointer.st_ino

    def build(self, work: BuildWork) -> "Report":
        """Index a folder; see `index.stores.builds.build.build`."""
        from index.stores.builds.build import build

        if not work.shard.is_whole:
            raise UserError(
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
            programs=work.programs,
        )

    def replace(self, articles: Iterable[EncodedArticle], manifest: Manifest, *, show_progress: bool = False) -> None:
        """Make a build from the content of another store, and keep the previous build."""
        from index.stores.builds.writer import write_encoded

        write_encoded(articles, manifest, self.root, show_progress=show_progress)

    def join(self, shards: Sequence[Location], *, partial_answers: bool = False) -> None:
        """Not supported: raises NotSupported."""
        del shards, partial_answers
        raise NotSupported(f"{self} is a folder of builds, which joins no shard. Only databases are joined")

    def bytes(self) -> int:
        """Size of the live build's files."""
        return sum(record.bytes for record in self.open().manifest.files.values())

    def keywords(self) -> str:
        """BM25, as a build has it."""
        return "BM25"

    def builds(self) -> list[NamedBuild]:
        """Names and manifests of all undamaged builds, the live one first."""
        return [(folder.name, manifest) for folder, manifest in whole_builds(self.root)]

    def roll_back(self) -> tuple[NamedBuild, str]:
        """Make the previous build live."""
        build, before = roll_back(self.root)
        return (build.name, read_manifest(build)), before.name

    def verify(self) -> tuple[str, list[str]]:
        """The live build's name, and its missing or altered files, a sentence each."""
        folder, damaged = verify_live(self.root)
        return folder.name, [f"{folder / file} is missing or altered" for file in damaged]

    def argument(self) -> tuple[str, Mapping[str, str]]:
        """The absolute path, and no variables."""
        return str(self.root.absolute()), {}
