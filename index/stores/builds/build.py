"""Build of a folder of articles: read, split, encode, write, swap in."""

from dataclasses import dataclass, replace
from pathlib import Path

from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.encoder.model_files import Identity
from index.ingestion.background import measure_background
from index.ingestion.coverage import files_lost
from index.ingestion.encoding import Sources
from index.ingestion.manifest import Counts, Manifest, build_name, read_manifest
from index.ingestion.pipeline import encoded_windows, split_folder
from index.ingestion.report import Report, VectorSources
from index.passages.chunking import Chunking
from index.reading.files import MAX_FILE_BYTES
from index.reading.folder import Folder, read_folder
from index.reading.formats.programs import NONE, Programs
from index.reading.places.folders import Where, written
from index.stores.builds.directory import is_live, swap, unfinished, whole_build, writing
from index.stores.builds.journal import Journal, journal_path, remove_journals
from index.stores.builds.previous import previous
from index.stores.builds.writer import BuildWriter, finish_build
from index.stores.notes import FolderNotes, read_coverage, write_coverage


@dataclass(frozen=True, slots=True)
class _Plan:
    """Inputs and settings of a build in `root`."""

    root: Path
    contents: Folder
    manifest: Manifest  # without the results
    force: bool
    show_progress: bool


def build(
    folder: Where,
    root: Path,
    identity: Identity,
    *,
    load: LoadEncoder = load_encoder,
    max_file_bytes: int = MAX_FILE_BYTES,
    force: bool = False,
    wait: float = 0,
    show_progress: bool = False,
    contents: Folder | None = None,
    programs: Programs = NONE,
) -> Report:
    """Index the articles of a folder or several, or those in `contents`, and make that the live build in `root`.

    Nothing is encoded if a build of the same articles, encoder and settings exists. Otherwise vectors
    are taken from the live build and from the journal of a stopped build, and only other passages are
    encoded; with `force` all of them. `wait` is the time in seconds to wait for another build. Raises
    BadFolder, BadModel or BuildFailed; the live build is then unchanged.
    """
    if not contents and not root.exists():
        contents = read_folder(folder, max_file_bytes, programs=programs)  # a wrong folder leaves no empty index
    with writing(root, wait):
        # Read only now: a folder read before the wait may be older than the live build.
        contents = contents or read_folder(folder, max_file_bytes, programs=programs)
        source, chunking = written(folder), Chunking()
        name = build_name(contents.articles, identity, chunking, source, contents.synonyms, programs=programs)
        counts = Counts(0, 0, 0)
        inputs = name, identity, chunking, counts, 0, "", source, "", max_file_bytes
        manifest = Manifest(*inputs, synonyms=contents.synonyms, programs=programs)
        return _built(_Plan(root, contents, manifest, force, show_progress), load)


def _built(plan: _Plan, load: LoadEncoder) -> Report:
    """Make the planned build, unless it exists, and make it live."""
    root, contents = plan.root, plan.contents
    target = None if plan.force else whole_build(root, plan.manifest.name)
    origins, notes = VectorSources(), list[str]()
    if target is None:
        target, origins, notes = _write(plan, load(plan.manifest.identity))
    changed = not is_live(root, target)
    if changed:
        swap(root, target)
    manifest = read_manifest(target)
    remove_journals(root, journal_path(root, manifest.identity, manifest.dimension))
    # Another unreadable file makes no other build of the same articles, but another coverage.
    coverage = manifest.coverage and replace(
        manifest.coverage, files=contents.files, lost_files=files_lost(contents.problems)
    )
    if coverage and coverage != read_coverage(FolderNotes(root)):
        write_coverage(FolderNotes(root), coverage)
    return Report(
        build=manifest.name,
        changed=changed,
        counts=manifest.counts,
        problems=contents.problems,
        ignored=contents.ignored,
        coverage=coverage,
        origins=origins,
        notes=notes,
    )


def _write(plan: _Plan, encoder: Encoder) -> tuple[Path, VectorSources, list[str]]:
    """Write a build. Returns its folder, the sources of its vectors, and notes for the report."""
    identity, dimension = plan.manifest.identity, encoder.dimension
    path = journal_path(plan.root, identity, dimension)
    with unfinished(plan.root) as folder:
        split, coverage = split_folder(plan.contents, encoder, plan.manifest.chunking)
        if plan.force:
            path.unlink(missing_ok=True)
        before, reason = (None, "") if plan.force else previous(plan.root, identity, dimension)
        origins, every = VectorSources(), range(len(split.articles))
        with Journal(path, dimension) as journal, BuildWriter(folder, dimension, split.first_rows()) as writer:
            sources: Sources = {"resumed": journal.find, "reused": before, "repeated": writer.find}
            for articles, counts in encoded_windows(
                split, every, encoder, lambda _: sources, keep=journal.add, show_progress=plan.show_progress
            ):
                origins += counts
                for encoded in articles:
                    writer.add(encoded)
            background = measure_background(encoder, writer.sample())
        manifest = replace(plan.manifest, dimension=dimension, coverage=coverage, background=background)
        notes = [f"nothing is taken from the build before: {reason}"] if reason else []
        return finish_build(plan.root, folder, split.articles, manifest), origins, notes
