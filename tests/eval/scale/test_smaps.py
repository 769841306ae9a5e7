"""Memory read from /proc: of files written here, and of real processes."""

import os
from pathlib import Path

import pytest

from eval.scale.smaps import children, held, parent

ROLLUP = """55f0-7ffd ---p 00000000 00:00 0                          [rollup]
Rss:              300000 kB
Pss:              200000 kB
Pss_Dirty:         90000 kB
Shared_Clean:     150000 kB
Shared_Dirty:      50000 kB
Private_Clean:     10000 kB
Private_Dirty:     90000 kB
"""


def proc(tmp_path: Path) -> Path:
    tmp_path.mkdir(exist_ok=True)
    for process in (7, 8):
        (tmp_path / str(process) / "task" / str(process)).mkdir(parents=True)
        (tmp_path / str(process) / "smaps_rollup").write_text(ROLLUP)
        (tmp_path / str(process) / "status").write_text(f"Name:\tpython\nPPid:\t{process - 1}\n")
        (tmp_path / str(process) / "task" / str(process) / "children").write_text("")
    (tmp_path / "7" / "task" / "9").mkdir()
    (tmp_path / "7" / "task" / "9" / "children").write_text("12 8 ")
    return tmp_path


def test_own_memory_is_private_the_rest_of_it_is_shared_and_processes_are_summed(tmp_path: Path) -> None:
    assert held([7], proc(tmp_path)) == pytest.approx({"own": 102.4, "shared": 204.8, "part": 204.8})
    assert held([7, 8], tmp_path) == pytest.approx({"own": 204.8, "shared": 409.6, "part": 409.6})


def test_children_of_every_thread_and_the_parent_are_found(tmp_path: Path) -> None:
    assert children(7, proc(tmp_path / "a")) == [8, 12]
    assert parent(8, tmp_path / "a") == 7
    assert parent(os.getpid()) == os.getppid()


def test_a_real_process_holds_memory_of_its_own() -> None:
    memory = held([os.getpid()])
    assert 1 < memory["own"] <= memory["part"] <= memory["own"] + memory["shared"]
