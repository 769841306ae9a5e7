"""The reader's network: a BERT-like body over question and passage with three outputs, and its loss."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from eval.training.examples import Example
from index.encoder.openvino_runtime import precision
from index.reader.windows import Window

Features = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Outputs = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
_FAR = -1e4  # logit of a token that cannot begin or end an answer


class Network(nn.Module):
    """A cross-encoder with the encoder's body; its word embeddings stay as they are, so that nobody ships them twice.

    It gives the logit of "the passage answers", shape (n,), and for each token the logits that an answer begins and
    ends there, shape (n, tokens). The token [CLS] stands for "nowhere".
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import AutoModel
        from transformers.utils import logging

        logging.disable_progress_bar()
        logging.set_verbosity_error()  # unneeded weights are no matter
        self.body = AutoModel.from_pretrained(str(folder), local_files_only=True, add_pooling_layer=False)
        self.body.embeddings.word_embeddings.weight.requires_grad_(False)
        self.relevance = nn.Linear(self.body.config.hidden_size, 1)
        self.span = nn.Linear(self.body.config.hidden_size, 2)

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> Outputs:
        """The three outputs; `mask` is 0 for padding, 1 for a token, and 2 for one that may lie in an answer."""
        states = self.body(input_ids=ids, token_type_ids=types, attention_mask=(mask > 0).long()).last_hidden_state
        spans = self.span(states).float() + (mask < 2)[..., None] * _FAR
        return self.relevance(states[:, 0]).float().squeeze(-1), spans[..., 0], spans[..., 1]


def autocast() -> torch.autocast:
    """The context in which the network calculates: bfloat16 where the processor multiplies it, else float32.

    A processor that must emulate it needs many times as long.
    """
    return torch.autocast("cpu", torch.bfloat16, enabled=precision() == "bf16")


def features(windows: Sequence[Window]) -> Features:
    """Ids, types and mask of windows, padded to the longest."""
    longest = max(len(window.ids) for window in windows)
    ids, types, mask = (np.zeros((len(windows), longest), np.int64) for _ in range(3))
    for row, window in enumerate(windows):
        count = len(window.ids)
        ids[row, :count], types[row, :count], mask[row, :count] = window.ids, window.types, 1
        mask[row, window.answering] = 2
    return torch.from_numpy(ids), torch.from_numpy(types), torch.from_numpy(mask)


def loss_of(outputs: Outputs, examples: Sequence[Example]) -> torch.Tensor:
    """The mean of cross-entropies: of "answers", and of the place of any of its answers (start and end, each half)."""
    relevance, starts, ends = outputs
    answerable = torch.tensor([example.answerable for example in examples])
    loss = functional.binary_cross_entropy_with_logits(relevance, answerable)
    marked = [row for row, example in enumerate(examples) if example.starts]
    if not marked:
        return loss
    begin = _place_loss(starts[marked], [examples[row].starts for row in marked])
    end = _place_loss(ends[marked], [examples[row].ends for row in marked])
    return loss + (begin + end) / 2


def _place_loss(logits: torch.Tensor, targets: Sequence[Sequence[int]]) -> torch.Tensor:
    """The mean of `-log` of the probability of all right places together."""
    right = torch.full_like(logits, float("-inf"))
    for row, places in enumerate(targets):
        right[row, list(places)] = 0.0
    return (torch.logsumexp(logits, 1) - torch.logsumexp(logits + right, 1)).mean()
