"""The trained network as the reader's file."""

import hashlib
from pathlib import Path

import numpy as np

from eval.training.network import Network
from index.reader.reader_file import narrowed
from index.reader.windows import LENGTH

_BODY, _POSITIONS = "body.", "embeddings.position_embeddings.weight"


def pack(network: Network, file: Path) -> str:
    """Write the reader's file, without word embeddings and with as many positions as it reads; returns its sha256."""
    from safetensors.numpy import save

    arrays = {name.removeprefix(_BODY): tensor.float().numpy() for name, tensor in network.state_dict().items()}
    arrays[_POSITIONS] = arrays[_POSITIONS][:LENGTH]
    kept = narrowed(arrays)
    content = save({name: np.ascontiguousarray(array) for name, array in sorted(kept.items())})
    file.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
