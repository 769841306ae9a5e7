"""A folder of articles to a finished build: read, split, encode, write, swap in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.arrays import save
from index.articles.article import Article
from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.encoder.model_files import Identity
from index.ingestion.coverage import Tally, files_lost
from index.ingestion.encoding import VectorSource, encode, passage_keys
from index.ingestion.manifest import Counts, Coverage, Manifest, build_name, read_manifest
from index.ingestion.passage_keys import Keys
from index.ingestion.report import Report, VectorSources
from index.keywords.sentence_terms import write_words
from index.passages.chunking import Chunking, chunk_articles
from index.passages.tables import PASSAGES, SENTENCES, PassageTexts, Tables, tables
from index.reading.folder import MAX_FILE_BYTES, Folder, read_folder
from index.stores.builds.catalogue import write_articles
from index.stores.builds.directory import finish, is_live, swap, unfinished, whole_build, writing
from index.stores.builds.journal import Journal, journal_path, remove_journals
from index.stores.builds.notes import FolderNotes
from index.stores.builds.previous import previous
from index.stores.builds.vectors import VectorsWriter
from index.stores.notes import read_last, write_last


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
        if coverage and coverage != read_last(FolderNotes(root)):
            write_last(FolderNotes(root), coverage)
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
    name = plan.name
    target = None if force else whole_build(root, name)
    origins, notes = VectorSources(), list[str]()
    if target is None:
        encoder = load(plan.identity)
        with unfinished(root) as folder:
            filling = _Filling(plan, encoder, root, folder)
            rows, coverage = filling.tables()
            kind, origins, notes = filling.vectors(rows, force=force)
            write_texts(plan.articles, rows, folder)
            target = finish(root, folder, filling.manifest(name, rows, kind, coverage))
    changed = not is_live(root, target)
    if changed:
        swap(root, target)
    manifest = read_manifest(target)
    remove_journals(root, journal_path(root, manifest.identity, manifest.dimension))
    return BuildResult(manifest, changed, origins, notes)


def write_texts(articles: Sequence[Article], rows: Tables, folder: Path) -> None:
    """Write every file of a build but those of its vectors and the manifest."""
    write_articles(articles, folder)
    save(folder / PASSAGES, rows.passages)
    save(folder / SENTENCES, rows.sentences)
    write_words(articles, rows, folder)


def _as_found(coverage: Coverage | None, found: Folder) -> Coverage | None:
    """A build's coverage with the files of now: a bad one more makes no other build of the same articles."""
    return coverage and replace(coverage, files=found.files, lost_files=files_lost(found.problems))


@dataclass(frozen=True, slots=True)
class _Filling:
    """The files of a build on their way into its folder, article by article."""

    plan: Plan
    encoder: Encoder
    root: Path
    folder: Path

    def tables(self) -> tuple[Tables, Coverage | None]:
        """The rows of the passages and sentences, and how much of the files they hold."""
        chunks = chunk_articles(self.plan.articles, self.encoder, self.plan.chunking)
        if self.plan.found is None:
            return tables(chunks), None
        tally = Tally(self.plan.found)
        return tables(tally.of(chunks)), tally.coverage()

    def vectors(self, rows: Tables, *, force: bool) -> tuple[str, VectorSources, list[str]]:
        """How the vectors are searched, where they came from, and why none came from the build before."""
        identity, dimension = self.plan.identity, self.encoder.dimension
        out = VectorsWriter(rows, dimension, self.folder)
        texts = PassageTexts(rows, self.plan.articles)
        keys = Keys(passage_keys(rows, texts))
        path = journal_path(self.root, identity, dimension)
        if force:
            path.unlink(missing_ok=True)
        before, reason = (None, "") if force else previous(self.root, identity, dimension)
        with Journal(path, dimension, keys) as journal:
            known: list[VectorSource] = [journal, before] if before else [journal]
            show = self.plan.show_progress
            encoded = encode(
                rows, texts, self.encoder, out, keys=keys, known=known, keep=journal.add, show_progress=show
            )
        resumed, reused = encoded.taken[0], sum(encoded.taken[1:])
        origins = VectorSources(encoded.encoded, len(keys) - encoded.encoded - reused - resumed, reused, resumed)
        out.finish()
        return out.kind, origins, [f"nothing is taken from the build before: {reason}"] if reason else []

    def manifest(self, name: str, rows: Tables, kind: str, coverage: Coverage | None) -> Manifest:
        """What the build was made of; its files are still to be recorded."""
        return Manifest(
            name=name,
            identity=self.plan.identity,
            chunking=self.plan.chunking,
            counts=Counts(len(self.plan.articles), len(rows.passages), len(rows.sentences)),
            dimension=self.encoder.dimension,
            vectors=kind,
            folder=str(self.plan.folder.resolve()),
            coverage=coverage,
            max_file_bytes=self.plan.max_file_bytes,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
