"""The day of a file's last commit, where nothing in the file says when it was written."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from index.reading.folder import read_folder
from index.reading.places.commits import Commits
from index.reading.places.reader import Problem
from tests.conftest import write_articles

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")
DATED = "---\npublished: 2020-05-06\n---\nA dated one.\n"
SHALLOW = "a shallow clone: articles without a date that changed before its first commit get none. Fetch the history"


def git(folder: Path, *words: str, day: str = "2025-03-01") -> None:
    environment = {**os.environ, "GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "GIT_CONFIG_GLOBAL": "/dev/null"}
    author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "protocol.file.allow=always"]
    command = ["git", "-C", str(folder), *author, *words]
    subprocess.run(command, check=True, env=environment, capture_output=True)


def commit(folder: Path, day: str, files: dict[str, str]) -> None:
    write_articles(folder, files)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "x", day=day)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q")
    commit(folder, "2025-03-01", {"texts/rules.md": "Shut the gate.\n", "texts/dated.md": DATED, "x/é b.md": "Tea.\n"})
    commit(folder, "2025-04-02", {"texts/pay.md": "Pay rises.\n", "texts/rules.md": "Shut both gates.\n"})
    write_articles(folder, {"texts/new.md": "Not committed.\n", "texts/pay.md": "Pay rises by a percent.\n"})
    return folder


def days(folder: Path) -> dict[str, tuple[str, str]]:
    return {article.id: (article.published, article.changed) for article in read_folder(folder).articles}


def test_an_article_without_a_date_has_the_day_of_its_last_commit(repository: Path) -> None:
    assert days(repository) == {
        "texts/dated": ("2020-05-06", ""),
        "texts/new": ("", ""),
        "texts/pay": ("", ""),  # has changed since
        "texts/rules": ("", "2025-04-02"),
        "x/é b": ("", "2025-03-01"),
    }


def test_a_folder_in_a_repository_has_the_days_of_its_own_files(repository: Path) -> None:
    assert days(repository / "texts")["rules"] == ("", "2025-04-02")


def test_in_a_shallow_clone_what_its_first_commit_holds_has_no_day(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", "clone")
    write_articles(tmp_path / "clone", {"x/later.md": "Later.\n"})
    commit(tmp_path / "clone", "2025-05-03", {"x/later.md": "Later.\n"})
    folder = read_folder(tmp_path / "clone")
    assert {article.id: article.changed for article in folder.articles if article.changed} == {"x/later": "2025-05-03"}
    assert folder.problems == [Problem(".git", SHALLOW, lost=False)]


def test_no_setting_of_a_repository_starts_a_program(repository: Path, tmp_path: Path) -> None:
    folder, ran = tmp_path / "copy", tmp_path / "ran"
    shutil.copytree(repository, folder)
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    settings = {
        "core.fsmonitor": program,
        "core.pager": program,
        "diff.external": program,
        "gpg.program": program,
        "log.showSignature": "true",
        "alias.log": f"!{program}",
    }
    for name, value in settings.items():
        git(folder, "config", name, str(value))
    (folder / ".git/hooks/post-index-change").write_text(program.read_text())
    assert Commits(folder).day("texts/rules.md") == "2025-04-02"
    assert not ran.exists()


def test_without_git_or_a_repository_there_is_no_day(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(tmp_path, {"rules.md": "Shut the gate.\n"})
    assert days(tmp_path) == {"rules": ("", "")}
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))  # leads git nowhere else
    assert days(tmp_path) == {"rules": ("", "")}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Commits(repository).day("texts/rules.md") == ""


def test_a_repository_of_somebody_else_is_not_read_and_said_to_be(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\necho fatal: detected dubious ownership in repository >&2\nexit 128\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    commits = Commits(repository)
    assert commits.day("texts/rules.md") == ""
    assert commits.note.startswith("git reads no repository of another user. Allow it: git config --global")
