"""Which way a model is run; test_export_cache.py has what falls back, and when."""

import subprocess
import sys
from typing import Any

import pytest

from index.encoder.encoder import load_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.encoder.openvino_encoder import ExportedEncoder
from index.encoder.openvino_runtime import Network
from index.encoder.torch_encoder import encode_on_one_thread
from tests.conftest import PROJECT

pytestmark = pytest.mark.slow

TEXTS = ["Lunar soil is dry. A probe brought some of it home.", "Bees fly."]
SENTENCES = [[(0, 18), (19, 51)], [(0, 9)]]


def test_the_default_model_is_exported_and_reads_254_tokens_into_384_numbers() -> None:
    encoder = load_encoder(identify(DEFAULT_MODEL))

    assert type(encoder) is ExportedEncoder
    assert (encoder.max_tokens, encoder.dimension) == (254, 384)


def test_a_question_is_nearest_to_the_sentence_that_answers_it() -> None:
    encoder = load_encoder(identify(DEFAULT_MODEL))
    passages, sentences = encoder.passages(TEXTS, SENTENCES)
    soil, bees = encoder.questions(["Is the soil of the Moon wet?", "Which insects can fly?"])

    assert [int((passages @ question).argmax()) for question in (soil, bees)] == [0, 1]
    assert [int((sentences @ question).argmax()) for question in (soil, bees)] == [0, 2]


def test_sentence_transformers_encodes_on_one_thread_where_it_is_loaded() -> None:
    import torch  # slow to import

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(before + 1)
        encode_on_one_thread()
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_sentence_transformers_encodes_on_one_thread_also_where_it_is_loaded_later() -> None:
    work = (
        "import sys; from index.encoder.torch_encoder import encode_on_one_thread; "
        "from index.encoder.model_files import DEFAULT_MODEL, identify;"
        "from index.encoder.torch_encoder import load_reference; encode_on_one_thread();"
        "assert 'torch' not in sys.modules;"
        "load_reference(identify(DEFAULT_MODEL)); import torch; print(torch.get_num_threads())"
    )
    ended = subprocess.run([sys.executable, "-c", work], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert ended.stdout == "1\n"


def test_an_encoder_has_converted_an_array_before_threads_share_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    request = Network.request

    def recorded(network: Network, at_once: int) -> Any:
        asked.append(at_once)
        return request(network, at_once)

    monkeypatch.setattr(Network, "request", recorded)

    # OpenVINO's first conversion in a process hangs, about once in a dozen times, where two threads make it at once.
    assert isinstance(load_encoder(identify(DEFAULT_MODEL)), ExportedEncoder)
    assert asked == [1]
