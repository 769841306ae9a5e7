"""Vectors of the live build by passage, for the next build."""

from pathlib import Path

import numpy as np

from index.encoder.model_files import Identity
from index.errors import REBUILD, DamagedIndex, ForeignIndex, NoIndex
from index.ingestion.encoding import Find, PassageVectors, passage_keys
from index.ingestion.passage_keys import first_rows
from index.passages.tables import passage_texts
from index.stores.builds.directory import verify_live
from index.stores.builds.snapshot import read_snapshot


def previous(root: Path, identity: Identity, dimension: int) -> tuple[Find | None, str]:
    """The source of the live build's vectors, or None and the reason why there is none (empty without a build).

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
    rows, quantised = snapshot.rows, snapshot.sentence_vectors
    row_of = first_rows(passage_keys(rows, passage_texts(rows, snapshot.articles)))

    def find(key: bytes) -> PassageVectors | None:
        if (row := row_of(key)) is None:
            return None
        passage = rows.passages[row]
        sentences = slice(passage["first"], passage["first"] + passage["count"])
        vector = snapshot.vectors.at(row).astype(np.float16)
        return PassageVectors(vector, quantised.rows[sentences], quantised.scales[sentences])

    return find, ""
