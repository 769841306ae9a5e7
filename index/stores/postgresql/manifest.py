"""The manifest of a database."""

import hashlib

from index.ingestion.manifest import Counts, Coverage, Manifest
from index.stores.postgresql.schema import Collection
from index.stores.postgresql.search.vocabulary import Totals

KIND = "HNSW16,halfvec"


def manifest_of(collection: Collection, sizes: Totals, coverage: Coverage | None = None) -> Manifest:
    """The manifest of the present content; its name changes with every change."""
    name = hashlib.sha256(f"{collection.generation}/{sizes.changes}".encode()).hexdigest()[:16]
    return Manifest(
        name=name,
        identity=collection.identity,
        chunking=collection.chunking,
        counts=Counts(sizes.articles, sizes.passages, sizes.sentences),
        dimension=collection.dimension,
        vectors=KIND,
        folder=collection.folder,
        created=collection.created,
        max_file_bytes=collection.max_file_bytes,
        coverage=coverage,
    )
