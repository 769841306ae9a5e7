"""Vectors of the live build by passage, for the next build."""

from pathlib import Path

import numpy as np

from index.encoder.model_files import Identity
from index.errors import REBUILD, DamagedIndex, ForeignIndex, NoIndex
from index.ingestion.encoding import PassageVectors, passage_keys
from index.ingestion.passage_keys import Keys
from index.passages.tables import passage_texts
from index.stores.builds.directory import verify_live
from index.stores.builds.snapshot import Snapshot, read_snapshot


class Previous:
    """The vectors of an undamaged build, memory-mapped."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._keys = Keys(passage_keys(snapshot.rows, passage_texts(snapshot.rows, snapshot.articles)))

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of the passage with this key, or None."""
        rows = self._keys.rows(key)
        if not len(rows):
            return None
        passage = self._snapshot.rows.passages[rows[0]]
        sentences = slice(passage["first"], passage["first"] + passage["count"])
        vector = self._snapshot.vectors.at(rows[0]).astype(np.float16)
        quantised = self._snapshot.sentence_vectors
        return PassageVectors(vector, quantised.rows[sentences], quantised.scales[sentences])


def previous(root: Path, identity: Identity, dimension: int) -> tuple[Previous | None, str]:
    """The live build's vectors, or None and the reason why they cannot be used (empty without a build).

    Every file is hashed first: damage must not be copied into a build whose own hashes would hide it.
    """
    try:
        folder, damaged = verify_live(root)
        if damaged:
            return None, f"{folder / damaged[0]} is missing or altered"
        snapshot = read_snapshot(folder)
    except NoIndex:
        return None, ""
    except (DamagedIndex, ForeignIndex) as error:
        return None, str(error).removesuffix(f". {REBUILD}")
    except OSError as error:
        return None, f"{error.filename} cannot be read ({error.strerror})"
    manifest = snapshot.manifest
    if (manifest.identity, manifest.dimension) != (identity, dimension):
        return None, f"{folder} is of another encoder, {manifest.identity.model}"
    return Previous(snapshot), ""
