"""Many who encode at once: nobody waits for another, and each gets the vectors it would get alone."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from index.encoder import openvino_runtime
from index.encoder.export_cache import exported_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.encoder.openvino_encoder import ExportedEncoder
from index.encoder.openvino_runtime import Network, cores

pytestmark = pytest.mark.slow

TEXTS = [f"Which bee number {n} visited {'many fields of clover and ' * (n % 5)}flowers?" for n in range(48)]
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def encoder() -> ExportedEncoder:
    """The default model."""
    return exported_encoder(identify(DEFAULT_MODEL))


def test_many_threads_at_once_get_the_vectors_of_one(encoder: ExportedEncoder) -> None:
    alone = [encoder.questions([text]) for text in TEXTS]
    whole = encoder.passages(TEXTS, [[]] * len(TEXTS))[0]

    with ThreadPoolExecutor(12) as threads:
        batch = threads.submit(encoder.passages, TEXTS, [[]] * len(TEXTS))
        together = list(threads.map(lambda text: encoder.questions([text]), TEXTS))
        assert batch.result()[0].tolist() == whole.tolist()
    assert [vector.tolist() for vector in together] == [vector.tolist() for vector in alone]


@pytest.mark.parametrize(("crowded", "then"), [(0, 1), (3_600, cores())])
def test_a_question_alone_has_all_cores_and_one_that_comes_meanwhile_does_not_wait(
    crowded: float, then: int, encoder: ExportedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_runtime, "_CROWDED", crowded)
    monkeypatch.setattr(encoder._network, "_crowded_until", 0.0)
    asked: list[int] = []
    answered = Event()
    request = Network.request

    def recorded(network: Network, at_once: int) -> Any:
        asked.append(at_once)
        if len(asked) == 1:
            assert answered.wait(PATIENCE), "the second question waited for the first"
        return request(network, at_once)

    monkeypatch.setattr(Network, "request", recorded)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(encoder.questions, ["Who came first?"])
        deadline = time.monotonic() + PATIENCE
        while not asked:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        encoder.questions(["And who came second?"])
        answered.set()
        first.result()
    encoder.questions(["And now?"])

    assert asked == [1, cores(), then]
