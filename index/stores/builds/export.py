"""Export of a build: its articles with their passages and vectors, for another store."""

from collections.abc import Iterator

import numpy as np

from index.ingestion.encoded_article import EncodedArticle
from index.passages.tables import chunks_of
from index.stores.builds.snapshot import Snapshot


def encoded_articles(snapshot: Snapshot) -> Iterator[EncodedArticle]:
    """All articles of a build with passages, in order of id."""
    owners = snapshot.rows.passages["article"]
    for row in range(len(snapshot.articles)):
        first, end = (int(bound) for bound in np.searchsorted(owners, [row, row + 1]))
        if first == end:
            continue
        records = snapshot.rows.passages[first:end]
        sentences = slice(int(records["first"][0]), int(records["first"][-1] + records["count"][-1]))
        yield EncodedArticle(
            snapshot.articles[row],
            chunks_of(snapshot.rows, first, end),
            snapshot.vectors.at(slice(first, end)).astype(np.float16),
            np.asarray(snapshot.sentence_vectors.rows[sentences]),
            np.asarray(snapshot.sentence_vectors.scales[sentences]),
        )
