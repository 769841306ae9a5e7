"""OpenVINO as it is used here: silent, on the cores that there are, in the precision that is asked for."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.encoder.openvino_runtime import Network, cores, granted, openvino
from tests.conftest import PROJECT

pytestmark = pytest.mark.slow


def _printed(script: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=240
    )
    assert run.stderr == ""
    return run.stdout.strip()


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that adds up the products of a row with 1/3, 2/3 …"""
    ov = openvino()
    import openvino.opset13 as ops

    row = ops.parameter([-1, 8], np.float32)
    thirds = ops.constant((np.arange(1, 9, dtype=np.float32) / 3).reshape(8, 1))
    path = tmp_path_factory.mktemp("network") / "network.xml"
    ov.save_model(ov.Model([ops.matmul(row, thirds, False, False)], [row], "thirds"), str(path), compress_to_fp16=False)
    return path


def test_openvino_comes_without_what_reports_and_without_the_network() -> None:
    script = """
import sys
reached = []
sys.addaudithook(lambda event, arguments: reached.append(event) if event.startswith("socket.") else None)
from index.encoder.openvino_runtime import openvino
openvino().Core().available_devices
print(sorted(name for name in sys.modules if "telemetry" in name or name.startswith("openvino.tools.")), reached)
"""
    assert _printed(script) == "[] []"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to cores")
def test_a_process_bound_to_one_core_has_one() -> None:
    script = (
        "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]);"
        "from index.encoder.openvino_runtime import cores;"
    )

    assert _printed(f"{script} print(cores())") == "1"


@pytest.mark.parametrize(
    ("content", "most"),
    [
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("50000 100000\n", 1),
        ("max 100000\n", sys.maxsize),
        (None, sys.maxsize),
    ],
)
def test_a_container_has_the_cores_that_it_is_granted(content: str | None, most: int, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "cpu.max").write_text(content, "ascii")

    assert granted(tmp_path / "cpu.max") == most


@pytest.mark.parametrize("at_once", [1, 2])
def test_so_many_requests_share_all_cores(at_once: int, network: Path) -> None:
    ready = Network.read(network).compiled(at_once)

    assert [ready.get_property(name) for name in ("NUM_STREAMS", "INFERENCE_NUM_THREADS")] == [at_once, cores()]
    assert ready.get_property("ENABLE_CPU_PINNING") is False


def test_each_thread_has_a_request_of_its_own_and_keeps_it(network: Path) -> None:
    ready = Network.read(network)
    with ThreadPoolExecutor(1) as threads:
        others = [threads.submit(ready.request, 1).result() for _ in range(2)]
    own = [ready.request(1), ready.request(1)]

    assert others[0] is others[1]
    assert own[0] is own[1]
    assert own[0] is not others[0]
    assert own[0] is not ready.request(2)


def test_bfloat16_is_used_if_the_processor_has_it(network: Path) -> None:
    bf16 = "BF16" in openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    ready = Network.read(network)
    request = ready.request(1)
    request.infer([np.full((1, 8), 1.1, np.float32)])

    assert ready.compiled(1).get_property("INFERENCE_PRECISION_HINT").get_type_name() == ("bf16" if bf16 else "f32")
    error = abs(float(request.get_output_tensor(0).data[0, 0]) - 1.1 * 12)
    assert (error < 1e-5) == (not bf16)


def test_a_network_that_is_no_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / "network.xml").write_text("garbage", "utf-8")

    with pytest.raises(RuntimeError):
        Network.read(tmp_path / "network.xml")
