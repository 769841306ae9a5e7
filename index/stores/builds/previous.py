"""Vectors of the live build by passage, for the next build."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import Lazy, mapped
from index.encoder.model_files import Identity
from index.errors import REBUILD, DamagedIndex, ForeignIndex, NoIndex
from index.ingestion.encoding import Find, PassageVectors, passage_keys
from index.ingestion.manifest import read_origin
from index.ingestion.passage_keys import first_rows
from index.passages.tables import PASSAGES, SENTENCES, Tables, fit
from index.stores.builds.directory import verify_live
from index.stores.builds.files.catalogue import article_texts
from index.stores.builds.files.passage_vectors import VectorIndex
from index.stores.builds.files.sentence_vectors import SentenceVectors
from index.stores.builds.snapshot import damage_told


@dataclass(frozen=True, slots=True)
class _Stored:
    """The vectors of a build of this or of an earlier format, with the texts that they are of."""

    articles: Lazy[str]
    rows: Tables
    vectors: VectorIndex
    sentences: SentenceVectors

    @classmethod
    def read(cls, folder: Path) -> "_Stored":
        """The vectors in `folder`. Raises DamagedIndex for files that do not fit each other, and OSError."""
        with damage_told(folder):
            rows = Tables(mapped(folder / PASSAGES), mapped(folder / SENTENCES))
            stored = cls(article_texts(folder), rows, VectorIndex(folder), SentenceVectors.read(folder))
            sizes = stored.vectors.passages, len(stored.sentences)
            if not fit(rows, len(stored.articles)) or sizes != (len(rows.passages), len(rows.sentences)):
                raise ValueError("its tables do not fit each other")
        return stored

    def texts(self) -> Iterator[str]:
        """The text of every passage."""
        for row in range(len(self.rows.passages)):
            article, start, end, *_ = self.rows.passages[row].item()
            yield self.articles[article][start:end]


def previous(root: Path, identity: Identity, dimension: int) -> tuple[Find | None, str]:
    """The source of the live build's vectors, or None and the reason why there is none (empty without a build).

    Every file is hashed first: damage must not be copied into a build whose own hashes would hide it.
    """
    try:
        folder, damaged = verify_live(root, read_origin)
        if damaged:
            return None, f"{folder / damaged[0]} is missing or altered"
        origin = read_origin(folder)
        if (origin.identity, origin.dimension) != (identity, dimension):
            return None, f"{folder} is of another encoder, {origin.identity.model}"
        stored = _Stored.read(folder)
    except NoIndex:
        return None, ""
    except (DamagedIndex, ForeignIndex) as error:
        return None, str(error).removesuffix(f". {REBUILD}")
    except OSError as error:
        return None, f"{error.filename} cannot be read ({error.strerror})"
    rows, quantised = stored.rows, stored.sentences
    row_of = first_rows(passage_keys(rows, stored.texts()))

    def find(key: bytes) -> PassageVectors | None:
        if (row := row_of(key)) is None:
            return None
        passage = rows.passages[row]
        sentences = slice(passage["first"], passage["first"] + passage["count"])
        vector = stored.vectors.at(row).astype(np.float16)
        return PassageVectors(vector, quantised.rows[sentences], quantised.scales[sentences])

    return find, ""
