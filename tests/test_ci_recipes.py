"""docs/ci: the commands of the examples for CI services run, pass on equal answers, and fail on a fall."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ARTICLES, PROJECT, write_articles

pytestmark = pytest.mark.slow

FACT = {
    "id": "fact-001",
    "question": "How many grams of lunar soil did a probe bring to Earth?",
    "kind": "fact",
    "gold": [[{"article": "moon", "quote": "A probe brought 1,935.3 grams of it to Earth in June 2024."}]],
}
OUTSIDE = {"id": "outside-001", "question": "Who composed the Goldberg Variations?", "kind": "outside", "gold": []}


def commands(name: str) -> list[str]:
    """The commands of our own in an example."""
    recipe: dict[str, Any] = yaml.safe_load((PROJECT / "docs" / "ci" / name).read_text("utf-8"))
    if name == "github.yml":
        lines = [step.get("run", "") for step in recipe["jobs"]["answers"]["steps"]]
    else:
        lines = [*recipe["answers"]["before_script"], *recipe["answers"]["script"]]
    return [line for line in lines if line.startswith(("python -m index", "python -m eval"))]


def test_both_services_run_the_same_commands() -> None:
    assert commands("github.yml") == commands("gitlab.yml")
    assert [line.split()[2:4] for line in commands("gitlab.yml")] == [
        ["index", "build"],
        ["eval", "check"],
        ["eval", "run"],
        ["eval", "compare"],
    ]


def test_the_commands_pass_on_equal_answers_and_fail_where_they_fell(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles", ARTICLES)
    (tmp_path / "tests.jsonl").write_text("\n".join(map(json.dumps, (FACT, OUTSIDE))), "utf-8")
    *before, compare = commands("github.yml")

    def done(command: str) -> int:
        given = [sys.executable, *shlex.split(command)[1:]]
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        return subprocess.run(given, cwd=tmp_path, env=environment, capture_output=True, check=False).returncode

    assert [done(command) for command in before] == [0, 0, 0]
    result = (tmp_path / "result.json").read_text("utf-8")
    (tmp_path / "baseline.json").write_text(result, "utf-8")
    assert done(compare) == 0
    worse = json.loads(result)
    worse["outcomes"][0].update(answered=False, verdict="none", highlight=None)
    (tmp_path / "result.json").write_text(json.dumps(worse), "utf-8")
    assert done(compare) == 1
    assert (tmp_path / "report" / "index.html").is_file()
