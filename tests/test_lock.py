import re
import tomllib

from tests.conftest import PROJECT

LOCK = (PROJECT / ".requirements.lock").read_text("utf-8")
PINS = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)$", LOCK, re.MULTILINE))


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
