"""Several processes write one log and are killed meanwhile; `make bench-log` is the same at full size."""

from pathlib import Path

import pytest

from tests.killed import check, run


@pytest.mark.slow
def test_killed_writers_lose_and_double_no_acknowledged_line(tmp_path: Path) -> None:
    acknowledged, killed = run(tmp_path, 1_600, 4, 6)
    assert (len(acknowledged), len(set(acknowledged)), killed) == (1_600, 1_600, 6)
    assert check(tmp_path, acknowledged) >= 1_600
