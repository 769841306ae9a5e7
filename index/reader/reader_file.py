"""The reader's file: its weights as 8-bit integers with a scale a row, checked by their hash."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.encoder.pooling import in_bytes
from index.errors import BadModel

Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]
"""Arrays by name: float32, or int8 matrices, each beside float32 scales of its rows under its name with SCALE."""

SCALE = ".scale"
READER_FILE = Path(__file__).parent / "reader.safetensors"
SHA256 = "b9008dbe38de73af9e57f284b817efca3f1a591ef975bd217fb326d0dcd570ed"
# Beginning of the names of matrices that are narrowed. Embeddings are looked up, not multiplied, and the outputs are
# small; OpenVINO 2026.4 also scales a matrix of one row twice where a model is compiled twice.
_LAYERS = "encoder."
_WORDS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class ReaderWeights:
    """The weights of a reader.

    `words` are the word embeddings, float32 of shape (vocabulary, width): those of the default encoder, which are not
    in the reader's file. `tokenizer` is the file of its tokenizer.
    """

    arrays: Arrays
    words: npt.NDArray[np.float32]
    tokenizer: Path


def load_weights(file: Path = READER_FILE, sha256: str = SHA256) -> ReaderWeights:
    """The weights of the reader's file with the default encoder's embeddings. Raises BadModel."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    folder = model_folder(DEFAULT_MODEL)
    try:
        content = file.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != sha256:
            raise BadModel(_bad(file, f"its sha256 is {found[:12]}… instead of {sha256[:12]}…"))
        return ReaderWeights(load(content), _words(folder), folder / "tokenizer.json")
    except OSError as error:
        raise BadModel(_bad(file, error.strerror or str(error))) from error
    except (SafetensorError, KeyError, ValueError) as error:
        raise BadModel(_bad(file, str(error))) from error


def narrowed(arrays: Arrays) -> Arrays:
    """The arrays as they are kept: without word embeddings, and the layers' matrices as int8 with scales."""
    kept: dict[str, npt.NDArray[Any]] = {}
    for name, array in arrays.items():
        if array.ndim == 1 or not name.startswith(_LAYERS):
            kept[name] = array.astype(np.float32)
            continue
        kept[name], kept[name + SCALE] = in_bytes(array)
    kept.pop(_WORDS, None)
    return kept


def _words(folder: Path) -> npt.NDArray[np.float32]:
    """The word embeddings in a folder of the default encoder, mapped from its file as far as the system can."""
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", "numpy") as tensors:
        words: npt.NDArray[np.float32] = tensors.get_tensor(_WORDS)
    return words


def _bad(file: Path, reason: str) -> str:
    return f"the reader's file {file} cannot be used: {reason}. Install the package again, or go on without a reader"
