"""The script of a bundle: it installs the wheels that lie beside it, and nothing if one of its files has changed."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import PROJECT


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with an index and one small wheel, which says that it is Citewell."""
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "index").mkdir()
    (folder / "index" / "CURRENT").write_text("0123456789abcdef\n")
    shutil.copy(PROJECT / "docs" / "deploy" / "install.sh", folder)
    about = "citewell-0.1.0.dist-info"
    with zipfile.ZipFile(folder / "wheels" / "citewell-0.1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("bundled.py", "print('bundled')")
        wheel.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: citewell\nVersion: 0.1.0\nProvides-Extra: postgresql\n"
        )
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", f"bundled.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    subprocess.run("sha256sum install.sh index/* wheels/* > SHA256SUMS", shell=True, cwd=folder, check=True)  # noqa: S602, S607
    return folder


def _installed(bundle: Path, to: Path) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "PYTHON": sys.executable}
    return subprocess.run(
        ["/bin/sh", bundle / "install.sh", to],
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_bundle_installs_its_own_wheels_and_index(bundle: Path, tmp_path: Path) -> None:
    ended = _installed(bundle, tmp_path / "to")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"Start the chat: cd {tmp_path / 'to'} && .venv/bin/python -m app\n"
    said = subprocess.run(
        [tmp_path / "to" / ".venv" / "bin" / "python", "-m", "bundled"], capture_output=True, text=True, check=True
    )
    assert said.stdout == "bundled\n"
    assert (tmp_path / "to" / ".index" / "CURRENT").read_text() == "0123456789abcdef\n"
    assert (tmp_path / "to" / ".index").stat().st_mode & 0o777 == 0o700


def test_a_damaged_bundle_installs_nothing(bundle: Path, tmp_path: Path) -> None:
    (bundle / "index" / "CURRENT").write_text("else\n")
    ended = _installed(bundle, tmp_path / "to")

    assert ended.returncode == 1
    assert "index/CURRENT" in ended.stdout + ended.stderr
    assert not (tmp_path / "to").exists()
