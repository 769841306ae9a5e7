"""The network as a reader of windows, for measures while it is trained."""

from collections.abc import Sequence

import torch

from eval.training.measures import Outputs, Read
from eval.training.network import Network, autocast, features
from index.reader.windows import Window


def reads(network: Network) -> Read:
    """The function that reads windows with this network, as `Reader.outputs` does with the shipped one."""

    def read(windows: Sequence[Window]) -> list[Outputs]:
        network.eval()
        with torch.inference_mode(), autocast():
            relevance, starts, ends = (each.numpy() for each in network(*features(windows)))
        return [
            (float(relevance[row]), starts[row, window.answering], ends[row, window.answering])
            for row, window in enumerate(windows)
        ]

    return read
