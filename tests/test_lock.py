import re
import tomllib

from tests.conftest import PROJECT

LOCK = (PROJECT / ".requirements.lock").read_text("utf-8")
PINS = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)$", LOCK, re.MULTILINE))


WHEELS = (PROJECT / "docs" / "deploy" / "wheels.txt").read_text("utf-8").splitlines()
PLACES = {f"{python}-{machine}" for python in ("3.11", "3.12", "3.13") for machine in ("x86_64", "aarch64")}


def _name(requirement: str) -> str:
    return re.split(r"[=<>\[; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_every_dependency_is_pinned_to_one_version() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    locked = [extra for name, extra in extras.items() if name != "multilingual"]  # 91 MB that few collections need
    wanted = [*project["dependencies"], *(r for extra in locked for r in extra)]
    pinned = {_name(name) for name in PINS}
    assert [requirement for requirement in wanted if _name(requirement) not in pinned] == []
    exact = dict(requirement.split("==") for requirement in wanted if "==" in requirement)
    assert {name: PINS[name] for name in exact} == exact


def test_every_line_of_the_lock_is_a_pin_or_says_where_it_comes_from() -> None:
    lines = [line for line in LOCK.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []
    assert PINS["torch"] == "2.13.0"


def test_every_pin_has_wheels_for_each_python_and_machine() -> None:
    given = {pin: set(places) for pin, *places in map(str.split, WHEELS)}
    assert list(given) == re.findall(r"^\S+==\S+$", LOCK, re.MULTILINE)  # else: make wheels
    missing = {pin: PLACES - places for pin, places in given.items() if places != {"any"} and PLACES - places}
    only_for_the_evaluation = "pytrec-eval-terrier==0.5.11"
    assert missing == {only_for_the_evaluation: {place for place in PLACES if place.endswith("aarch64")}}
    wanted_by = re.search(rf"^{only_for_the_evaluation}\n    # via (.*)", LOCK, re.MULTILINE)
    assert wanted_by
    assert wanted_by[1] == "ir-measures"
    pythons = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert pythons == ">=3.11,<3.14"
