"""The packed reader gives what the trained network gives."""

from pathlib import Path

import numpy as np
import pytest

from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.reader.reader import Reader
from index.reader.reader_file import READER_FILE, SHA256, load_weights
from index.reader.windows import Windows

pytestmark = pytest.mark.slow


def test_the_packed_reader_s_outputs_are_the_network_s(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")  # slow to import, as is what needs it, for all who collect tests
    from eval.training.network import Network, features
    from eval.training.pack import pack

    torch.manual_seed(4)
    network = Network(model_folder(DEFAULT_MODEL)).eval()
    with torch.no_grad():
        network.relevance.bias.fill_(0.5)
    sha256 = pack(network, tmp_path / "reader")
    reader = Reader(load_weights(tmp_path / "reader", sha256))
    made = Windows(model_folder(DEFAULT_MODEL) / "tokenizer.json")
    texts = ["The castle was built in 1087.", "Bees. " * 40, "No."]
    windows = [
        made.window(made.question("When was it built?"), made.title("Castle"), tokens, (0, len(tokens.ids)))
        for tokens in map(made.tokens, texts)
    ]
    with torch.inference_mode():
        relevance, starts, ends = (each.numpy() for each in network(*features(windows)))

    for row, (window, found) in enumerate(zip(windows, reader.outputs(windows), strict=True)):
        places = [0, *range(window.first, window.first + len(window.offsets))]
        assert found[0] == pytest.approx(relevance[row], abs=0.05)
        assert np.abs(found[1] - starts[row, places]).max() < 0.15
        assert np.abs(found[2] - ends[row, places]).max() < 0.15


def test_a_reader_s_file_becomes_a_network_again_from_which_the_same_file_is_packed(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from eval.training.network import Network
    from eval.training.pack import pack, unpack

    network = Network(model_folder(DEFAULT_MODEL))
    unpack(load_weights(READER_FILE, SHA256).arrays, network)
    assert pack(network, tmp_path / "reader") == SHA256
