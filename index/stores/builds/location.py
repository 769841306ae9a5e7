"""A folder of builds as the place where a collection is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import BadShard
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest, read_manifest
from index.search.store import Store
from index.stores.builds.directory import open_live, pointer_stamp, verify_live
from index.stores.builds.notes import FolderNotes
from index.stores.builds.rollback import kept_builds, roll_back
from index.stores.builds.store import read_store
from index.stores.location import BuildWork, Kept, Stamp

if TYPE_CHECKING:
    from index.ingestion.report import Report


@dataclass(frozen=True, slots=True)
class BuildsFolder(FolderNotes):
    """A folder of builds, of which CURRENT names the live one."""

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
