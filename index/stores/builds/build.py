"""A folder of articles to a finished build: read, split, encode, write, swap in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.articles.article import Article
from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.encoder.model_files import Identity
from index.ingestion.coverage import files_lost
from index.ingestion.encoding import PassageVectors, Sources
from index.ingestion.manifest import Counts, Coverage, Manifest, build_name, read_manifest
from index.ingestion.passage_keys import Keys
from index.ingestion.pipeline import SplitArticles, encoded_windows, split_articles, split_folder
from index.ingestion.report import Report, VectorSources
from index.passages.chunking import Chunking
from index.reading.files import MAX_FILE_BYTES
from index.reading.folder import Folder, read_folder
from index.stores.builds.directory import finish, is_live, swap, unfinished, whole_build, writing
from index.stores.builds.journal import Journal, journal_path, remove_journals
from index.stores.builds.notes import FolderNotes
from index.stores.builds.previous import previous
from index.stores.builds.writer import BuildWriter, write_indexes
from index.stores.notes import read_coverage, write_coverage


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A build that is live now, and how it came about."""

    manifest: Manifest
    changed: bool
    origins: VectorSources
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides what a build will hold, and whether to show its progress."""

    articles: Sequence[Article]  # sorted by id
    identity: Identity
    chunking: Chunking
    folder: Path
    show_progress: bool = False
    found: Folder | None = None  # where the articles come from files: what was read of them
    max_file_bytes: int = MAX_FILE_BYTES

    @property
    def name(self) -> str:
        """The name of the build that this makes."""
        return build_name(self.articles, self.identity, self.chunking, str(self.folder.resolve()))


def build(
    folder: Path,
    root: Path,
    identity: Identity,
    *,
    load: LoadEncoder = load_encoder,
    chunking: Chunking | None = None,
    max_file_bytes: int = MAX_FILE_BYTES,
    force: bool = False,
    wait: float = 0,
    show_progress: bool = False,
) -> Report:
    """Index the articles of `folder` below `root` and make that the live build.

    Nothing is encoded where a build of the same articles, encoder and settings is there. Else the
    passages that the live build or the journal of a stopped build holds are taken from there, and
    the others encoded; with `force` all of them. Where another build is running, it is waited for
    up to `wait` seconds. Raises BadFolder, BadModel or BuildFailed; the live build then stays as it was.
    """
    first = None if root.exists() else read_folder(folder, max_file_bytes)  # a wrong folder leaves no empty index
    with writing(root, wait):
        # Read only now: what a build read before it waited may be older than what is live.
        found = first or read_folder(folder, max_file_bytes)
        plan = Plan(found.articles, identity, chunking or Chunking(), folder, show_progress, found, max_file_bytes)
        made = _make(plan, root, load, force=force)
        manifest = made.manifest
        coverage = _as_found(manifest.coverage, found)
        if coverage and coverage != read_coverage(FolderNotes(root)):
            write_coverage(FolderNotes(root), coverage)
    return Report(
        build=manifest.name,
        changed=made.changed,
        counts=manifest.counts,
        problems=found.problems,
        ignored=found.ignored,
        coverage=coverage,
        origins=made.origins,
        notes=made.notes,
    )


def build_articles(plan: Plan, root: Path, load: LoadEncoder = load_encoder) -> BuildResult:
    """Make the planned build the live one. Raises as `build` does."""
    with writing(root):
        return _make(plan, root, load, force=False)


def _make(plan: Plan, root: Path, load: LoadEncoder, *, force: bool) -> BuildResult:
    target = None if force else whole_build(root, plan.name)
    sources, notes = VectorSources(), list[str]()
    if target is None:
        encoder = load(plan.identity)
        with unfinished(root) as folder:
            split, coverage = _split(plan, encoder)
            sources, notes = _write(split, plan, encoder, root, folder, force=force)
            counts, kind = write_indexes(plan.articles, encoder.dimension, folder)
            target = finish(root, folder, _manifest(plan, encoder.dimension, counts, kind, coverage))
    changed = not is_live(root, target)
    if changed:
        swap(root, target)
    manifest = read_manifest(target)
    remove_journals(root, journal_path(root, manifest.identity, manifest.dimension))
    return BuildResult(manifest, changed, sources, notes)


def _split(plan: Plan, encoder: Encoder) -> tuple[SplitArticles, Coverage | None]:
    if plan.found is None:
        return split_articles(plan.articles, encoder, plan.chunking), None
    return split_folder(plan.found, encoder, plan.chunking)


def _write(
    split: SplitArticles, plan: Plan, encoder: Encoder, root: Path, folder: Path, *, force: bool
) -> tuple[VectorSources, list[str]]:
    """Write the articles and their vectors; where these came from, and why none came from the previous build."""
    keys, dimension = split.keys(), encoder.dimension
    path = journal_path(root, plan.identity, dimension)
    if force:
        path.unlink(missing_ok=True)
    before, reason = (None, "") if force else previous(root, plan.identity, dimension)
    total, every = VectorSources(), range(len(split.articles))
    with Journal(path, dimension, keys) as journal, BuildWriter(folder, dimension) as writer:
        known: Sources = {"resumed": journal, "reused": before, "repeated": _Written(keys, writer)}
        for window in encoded_windows(
            split, every, encoder, lambda _: known, keep=journal.add, show_progress=plan.show_progress
        ):
            total += window.sources
            for encoded in window.articles:
                writer.add(encoded)
    return total, [f"nothing is taken from the build before: {reason}"] if reason else []


@dataclass(frozen=True, slots=True)
class _Written:
    """The vectors that are in the build already: those of passages equal to one of an earlier window."""

    keys: Keys
    writer: BuildWriter

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of the passage with this key, or None before they are written."""
        return self.writer.vectors(int(self.keys.rows(key)[0]))


def _as_found(coverage: Coverage | None, found: Folder) -> Coverage | None:
    """A build's coverage with the files of now: a bad one more makes no other build of the same articles."""
    return coverage and replace(coverage, files=found.files, lost_files=files_lost(found.problems))


def _manifest(plan: Plan, dimension: int, counts: Counts, kind: str, coverage: Coverage | None) -> Manifest:
    """What the build was made of; its files are still to be recorded."""
    return Manifest(
        name=plan.name,
        identity=plan.identity,
        chunking=plan.chunking,
        counts=counts,
        dimension=dimension,
        vectors=kind,
        folder=str(plan.folder.resolve()),
        coverage=coverage,
        max_file_bytes=plan.max_file_bytes,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
