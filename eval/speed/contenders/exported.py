"""The reader's weights in the layouts that other libraries read."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import torch

from eval.training.network import Network
from eval.training.pack import unpack
from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.reader.reader_file import load_weights

_NARROW = 1e-3  # tanh is nearly the identity for so small values


def export(folder: Path) -> None:
    """Write `ranker`, one logit a pair, and `extractive`, the logits of spans, as folders of transformers."""
    from transformers import AutoTokenizer, BertForQuestionAnswering, BertForSequenceClassification

    source = model_folder(DEFAULT_MODEL)
    network = Network(source)
    unpack(load_weights().arrays, network)
    extractive = BertForQuestionAnswering(_config(network, 2))
    ranker = BertForSequenceClassification(_config(network, 1))
    for model in (extractive, ranker):
        model.bert.load_state_dict(network.body.state_dict(), strict=False)
    extractive.qa_outputs.load_state_dict(network.span.state_dict())
    _give_relevance(ranker, network)
    for name, model in (("extractive", extractive), ("ranker", ranker)):
        model.save_pretrained(folder / name)
        AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(folder / name)


def _config(network: Network, outputs: int) -> Any:
    config = deepcopy(network.body.config)
    config.num_labels = outputs
    return config


@torch.no_grad()
def _give_relevance(ranker: Any, network: Network) -> None:
    """The logit of relevance: the pooler, which that architecture has in between, passes the state of [CLS] through."""
    pooler, classifier = ranker.bert.pooler.dense, ranker.classifier
    pooler.weight.copy_(torch.eye(len(pooler.bias)) * _NARROW)
    pooler.bias.zero_()
    classifier.weight.copy_(network.relevance.weight / _NARROW)
    classifier.bias.copy_(network.relevance.bias)
