"""The network as a reader of windows, for measures while it is trained."""

from collections.abc import Callable, Sequence

import torch

from eval.training.measures import Scores
from eval.training.network import Network, features
from index.passages.sentences import Span
from index.reader.spans import best_tokens
from index.reader.windows import Window


def reads(network: Network) -> Callable[[Sequence[Window]], list[tuple[Scores, Span]]]:
    """The function that reads windows with this network."""

    def read(windows: Sequence[Window]) -> list[tuple[Scores, Span]]:
        network.eval()
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            relevance, starts, ends = (each.numpy() for each in network(*features(windows)))
        results = []
        for row, window in enumerate(windows):
            here = slice(window.first, window.first + len(window.offsets))
            score, (first, last) = best_tokens(starts[row, here], ends[row, here])
            span = (int(window.offsets[first][0]), int(window.offsets[last][1]))
            results.append(((float(relevance[row]), score, float(starts[row, 0] + ends[row, 0])), span))
        return results

    return read
