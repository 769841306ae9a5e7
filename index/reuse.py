"""The vectors of the build before, by passage, for the build that follows it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.encoding import PassageVectors, passage_keys
from index.errors import DamagedIndex, ForeignIndex, NoIndex
from index.layout import PASSAGES, SENTENCE_VECTORS, SENTENCES, VECTORS, Tables
from index.manifest import REBUILD, read_manifest
from index.models import Identity
from index.pooling import Vectors
from index.store import verify_live
from index.texts import Texts


class Previous:
    """The vectors of a finished and undamaged build, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        self._tables = Tables(np.load(folder / PASSAGES, mmap_mode="r"), np.load(folder / SENTENCES, mmap_mode="r"))
        self._vectors: Any = faiss.read_index(str(folder / VECTORS), faiss.IO_FLAG_MMAP_IFC)
        self._sentences = np.load(folder / SENTENCE_VECTORS, mmap_mode="r")
        keys = passage_keys(self._tables, _texts(self._tables, Texts(folder)))
        self._rows = {key: row for row, key in enumerate(keys)}

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of a passage that the build holds, or None."""
        row = self._rows.get(key)
        if row is None:
            return None
        passage = self._tables.passages[row]
        own = self._sentences[passage["first"] : passage["first"] + passage["count"]]
        vector: Vectors = self._vectors.reconstruct(row)
        return vector, own


def previous(root: Path, identity: Identity, dimension: int) -> tuple[Previous | None, str]:
    """The live build's vectors, or None with the reason why they will not do (empty where there is no build).

    Every file is hashed first: damage must not be copied into a build whose own hashes would hide it.
    """
    try:
        folder, damaged = verify_live(root)
        if damaged:
            return None, f"{folder / damaged[0]} is missing or altered"
        manifest = read_manifest(folder)
    except NoIndex:
        return None, ""
    except (DamagedIndex, ForeignIndex) as error:
        return None, str(error).removesuffix(f". {REBUILD}")
    except OSError as error:
        return None, f"{error.filename} cannot be read ({error.strerror})"
    if (manifest.identity, manifest.dimension) != (identity, dimension):
        return None, f"{folder} is of another encoder, {manifest.identity.model}"
    return Previous(folder), ""


def _texts(rows: Tables, articles: Texts) -> Iterator[str]:
    for row in rows.passages:
        yield articles[int(row["article"])].text[row["start"] : row["end"]]
