"""The manifest of what a database holds now."""

import hashlib

from index.ingestion.manifest import Counts, Coverage, Manifest
from index.stores.postgresql.schema import Collection
from index.stores.postgresql.vocabulary import Totals

KIND = "HNSW16,halfvec"


def manifest_of(collection: Collection, held: Totals, coverage: Coverage | None = None) -> Manifest:
    """What a database holds now; its name changes with every change."""
    name = hashlib.sha256(f"{collection.generation}/{held.changes}".encode()).hexdigest()[:16]
    return Manifest(
        name=name,
        identity=collection.identity,
        chunking=collection.chunking,
        counts=Counts(held.articles, held.passages, held.sentences),
        dimension=collection.dimension,
        vectors=KIND,
        folder=collection.folder,
        created=collection.created,
        max_file_bytes=collection.max_file_bytes,
        coverage=coverage,
    )
