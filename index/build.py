"""A folder of articles to a finished build: read, split, encode, write, swap in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import faiss
import numpy as np

from index.articles import Article
from index.bm25 import Bm25
from index.coverage import files_lost, files_read, measure
from index.encoder import Encoder, LoadEncoder, load_encoder
from index.encoding import encode
from index.folder import MAX_FILE_BYTES, Folder, Problem, read_folder
from index.layout import BM25, PASSAGES, SENTENCE_VECTORS, SENTENCES, VECTORS, passage_texts, tables
from index.manifest import Counts, Coverage, FileRecord, Manifest, build_name, read_manifest
from index.models import Identity
from index.passages import Chunk, Chunking, split
from index.store import is_live, swap, whole_build, write_build, writing
from index.texts import write_articles
from index.tokens import tokenise


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. `changed` is False where the live build already was what was asked for."""

    build: str
    changed: bool
    counts: Counts
    problems: list[Problem]
    ignored: int
    coverage: Coverage | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides what a build will hold, and whether to show its progress."""

    articles: list[Article]  # sorted by id
    identity: Identity
    chunking: Chunking
    folder: Path
    show_progress: bool = False
    found: Folder | None = None  # where the articles come from files: what was read of them

    @property
    def name(self) -> str:
        """The name of the build that this makes."""
        return build_name(self.articles, self.identity, self.chunking)


def build(
    folder: Path,
    root: Path,
    identity: Identity,
    *,
    load: LoadEncoder = load_encoder,
    chunking: Chunking | None = None,
    max_file_bytes: int = MAX_FILE_BYTES,
    force: bool = False,
    show_progress: bool = False,
) -> Report:
    """Index the articles of `folder` below `root` and make that the live build.

    Nothing is encoded where a build of the same articles, encoder and settings is there, unless
    `force`. Raises BadFolder, BadModel or BuildFailed; the live build then stays as it was.
    """
    found = read_folder(folder, max_file_bytes)
    plan = Plan(found.articles, identity, chunking or Chunking(), folder, show_progress, found)
    made, changed = build_articles(plan, root, load, force=force)
    return Report(plan.name, changed, made.counts, found.problems, found.ignored, _as_found(made.coverage, found))


def build_articles(
    plan: Plan, root: Path, load: LoadEncoder = load_encoder, *, force: bool = False
) -> tuple[Manifest, bool]:
    """Make the planned build the live one; its manifest, and whether anything changed. Raises as `build` does."""
    with writing(root):
        made = None if force else whole_build(root, plan.name)
        target = made or write_build(root, plan.name, partial(_fill, plan, load(plan.identity)))
        changed = not is_live(root, target)
        if changed:
            swap(root, target)
        return read_manifest(target), changed


def cut(articles: Sequence[Article], encoder: Encoder, chunking: Chunking) -> list[list[Chunk]]:
    """The chunks of each article; none is over what the encoder reads."""
    fitting = Chunking(chunking.target, min(chunking.limit, encoder.max_tokens))
    return [split(article, encoder.count_tokens, fitting) for article in articles]


def _as_found(coverage: Coverage | None, found: Folder) -> Coverage | None:
    """A build's coverage with the files of now: a bad one more makes no other build of the same articles."""
    return coverage and replace(coverage, files=files_read(found), lost_files=files_lost(found))


def _fill(plan: Plan, encoder: Encoder, folder: Path) -> Callable[[dict[str, FileRecord]], str]:
    """Write every file but the manifest; return what makes the manifest of the files' records."""
    chunks = cut(plan.articles, encoder, plan.chunking)
    rows = tables(chunks)
    texts = passage_texts(rows, plan.articles)
    passages, sentences = encode(rows, texts, encoder, show_progress=plan.show_progress)
    vectors = faiss.IndexFlatIP(encoder.dimension)
    vectors.add(passages)
    write_articles(plan.articles, folder)
    (folder / VECTORS).write_bytes(faiss.serialize_index(vectors).data)
    np.save(folder / PASSAGES, rows.passages)
    np.save(folder / SENTENCES, rows.sentences)
    np.save(folder / SENTENCE_VECTORS, sentences)
    Bm25.of(tokenise(text) for text in texts).write(folder / BM25)
    manifest = partial(
        Manifest,
        name=plan.name,
        identity=plan.identity,
        chunking=plan.chunking,
        counts=Counts(len(plan.articles), len(rows.passages), len(rows.sentences)),
        dimension=encoder.dimension,
        folder=str(plan.folder.resolve()),
        coverage=measure(plan.found, chunks) if plan.found else None,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return lambda records: manifest(files=records).to_json()
