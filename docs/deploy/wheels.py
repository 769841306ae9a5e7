"""Asks the package registry which wheels the pins of the lock have, and writes wheels.txt beside this file.

`make wheels` runs it after `make lock`. Nothing is installed.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path(".requirements.lock")
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = ("x86_64", "aarch64")
NEWEST_GLIBC, OLDEST_GLIBC = 36, 5  # 2.36 is Debian 12's
MISSING = re.compile(r"No matching distribution found for (\S+)")


def wheels(pins: list[str], python: str, machine: str) -> dict[str, str]:
    """The file of the wheel of each pin for a version of Python and a machine; a pin without one is left out."""
    versions = range(NEWEST_GLIBC, OLDEST_GLIBC - 1, -1)
    tags = [*(f"manylinux_2_{version}_{machine}" for version in versions), f"manylinux2014_{machine}"]
    tags += [f"manylinux{year}_{machine}" for year in ("2010", "1")]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps"]
        command += ["--only-binary=:all:", "--python-version", python, "--implementation", "cp", "--target", folder]
        command += [f"--report={report}", *(f"--platform={tag}" for tag in tags), *pins]
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - pip
        if missing := MISSING.search(run.stderr):
            return wheels([pin for pin in pins if pin != missing[1]], python, machine)
        run.check_returncode()
        found = json.loads(report.read_text("utf-8"))["install"]
    return {item["metadata"]["name"].lower().replace("_", "-"): item["download_info"]["url"] for item in found}


def main() -> None:
    """Write a line for each pin: `any`, or the machines and Pythons that it has wheels for."""
    pins = re.findall(r"^\S+==\S+$", LOCK.read_text("utf-8"), re.MULTILINE)
    named = {(python, machine): wheels(pins, python, machine) for python in PYTHONS for machine in MACHINES}
    lines = []
    for pin in pins:
        name = pin.partition("==")[0].lower().replace("_", "-")
        urls = {place: files[name] for place, files in named.items() if name in files}
        is_pure = all(url.endswith("any.whl") for url in urls.values()) and len(urls) == len(named)
        places = [f"{python}-{machine}" for python, machine in urls]
        lines.append(f"{pin} {'any' if is_pure else ' '.join(places)}\n")
    Path(__file__).with_name("wheels.txt").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
