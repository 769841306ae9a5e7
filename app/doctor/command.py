"""The command `doctor`: checks everything, says what to do, and exits with 1 where something is wrong."""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from app.doctor.findings import Check, Finding, found
from app.doctor.proxy import proxy
from app.settings import Settings
from index.cli.runner import FELL, OK
from index.errors import UserError
from index.stores.address import open_location
from index.stores.builds.location import BuildsFolder


def add_doctor(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command. It reads the settings itself, as they may be what is wrong."""
    command = add(
        "doctor", _doctor, "check installation, index, machine and settings, and say what to do", indexed=False
    )
    command.add_argument(
        "--index", help="folder of the index, or postgresql://USER@HOST/DATABASE (default: CHAT_INDEX)"
    )
    command.add_argument("--json", action="store_true", help="print the findings for programs")


def _doctor(arguments: argparse.Namespace) -> int:
    from app.doctor import collection, machine  # which import the models

    settings, findings = _settings(arguments.index)
    location = settings.index
    root = location.root if isinstance(location, BuildsFolder) else None
    checks: list[tuple[str, Check]] = [
        ("installation", machine.installation),
        ("index", partial(collection.index, location)),
        ("model", partial(collection.models, location, settings)),
        ("disk", partial(machine.disk, root)),
        ("clock", partial(collection.clock, location)),
        ("open files", machine.open_files),
        ("proxy", partial(proxy, settings)),
        ("groups", partial(collection.groups, location, settings)),
    ]
    if root:
        checks.append(("permissions", partial(collection.permissions, root, settings)))
    for part, check in checks:
        findings += found(part, check)
    findings = list(_once(findings))
    if arguments.json:
        print(json.dumps([finding.to_json() for finding in findings], ensure_ascii=False, indent=1))
    else:
        print(*(line for finding in findings for line in finding.lines()), sep="\n")
    return FELL if any(finding.state == "wrong" for finding in findings) else OK


def _settings(index: str | None) -> tuple[Settings, list[Finding]]:
    """The settings, those of nobody where they cannot be read, and the finding on them."""
    try:
        settings = Settings.from_env(os.environ)
        given = sorted(name for name in os.environ if name.startswith("CHAT_"))
        finding = Finding("settings", "ok", ", ".join(given) or "all as they come")
    except UserError as error:
        said, _, advice = str(error).partition(". ")
        settings, finding = Settings(), Finding("settings", "wrong", said, advice)
    return replace(settings, index=open_location(index)) if index else settings, [finding]


def _once(findings: list[Finding]) -> Iterator[Finding]:
    """The findings, each text once: what one check cannot open, others cannot either."""
    texts = set[str]()
    for finding in findings:
        if finding.text not in texts:
            texts.add(finding.text)
            yield finding
