"""The trained network as the reader's file, and back."""

import hashlib
from pathlib import Path

import numpy as np
import torch

from eval.training.network import Network
from index.reader.reader_file import SCALE, Arrays, narrowed
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


def unpack(arrays: Arrays, network: Network) -> None:
    """Give the network the weights of a reader's file, as the 8-bit integers have rounded them."""
    own = network.state_dict()
    for name, array in arrays.items():
        if name.endswith(SCALE):
            continue
        weights = array * arrays[name + SCALE][:, None] if array.dtype == np.int8 else array
        own[name if name in own else _BODY + name][: len(weights)] = torch.from_numpy(weights)
