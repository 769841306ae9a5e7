"""Trials on disk: nobody finds one without its token or after its time, and their number and size are bounded."""

import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.trials.folder import MOST_FILES, MOST_TRIALS, Refused, Trial, TrialGone, TrialsFolder, safe_name
from index.errors import UserError


@pytest.fixture
def trials(tmp_path: Path) -> TrialsFolder:
    return TrialsFolder(tmp_path / "trials")


def add(trial: Trial, name: str, content: bytes = b"Tea is green.") -> None:
    with trial.added(name) as file:
        file.write(content)


def end(trial: Trial) -> None:
    (trial.folder / "until").write_text(str(time.time() - 1))


def test_a_token_opens_its_own_trial_and_stands_nowhere_on_disk(trials: TrialsFolder) -> None:
    token, trial = trials.create()
    add(trial, "tea.md")
    other, _ = trials.create()
    assert (len(token), trials.find(token).folder, trials.find(token).names) == (32, trial.folder, ["tea.md"])
    assert trials.find(other).names == []
    written = [path for path in trials.root.rglob("*") if path.is_file()]
    assert [path for path in trials.root.rglob("*") if token in str(path)] == []
    assert [path for path in written if token.encode() in path.read_bytes()] == []
    assert trials.root.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("token", ["", ".", "../trials", "/etc/passwd", "a" * 32, "a" * 31, "\ud800" * 32, "é" * 32])
def test_any_other_text_finds_nothing_and_harms_nothing(trials: TrialsFolder, token: str) -> None:
    _, trial = trials.create()
    for given in (token, trial.folder.name):
        with pytest.raises(TrialGone):
            trials.find(given)
    assert trial.files.is_dir()


def test_a_trial_is_gone_after_its_time_and_when_it_is_deleted(trials: TrialsFolder) -> None:
    token, trial = trials.create()
    end(trial)
    with pytest.raises(TrialGone):
        trials.find(token)
    token, trial = trials.create()
    trials.delete(trial.folder)
    with pytest.raises(TrialGone):
        trials.find(token)
    _, trial = trials.create()
    end(trial)
    (trials.root / ".new-killed").mkdir()
    trials.sweep()
    assert [path.name for path in trials.root.iterdir() if path.is_dir()] == [".new-killed"]  # not old yet
    with pytest.raises(TrialGone), trial.added("tea.md"):
        pass


def test_an_hour_begins_with_the_indexing(trials: TrialsFolder) -> None:
    token, trial = trials.create()
    assert trial.until - time.time() == pytest.approx(600, abs=5)
    trial.extend()
    assert trials.find(token).until - time.time() == pytest.approx(3600, abs=5)


def test_only_so_many_trials_are_there_at_once(trials: TrialsFolder) -> None:
    made = [trials.create()[1] for _ in range(MOST_TRIALS)]
    with pytest.raises(Refused) as error:
        trials.create()
    assert error.value.kind == "full"
    end(made[0])
    trials.create()


def test_a_full_disk_takes_no_trial(trials: TrialsFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=499_999_999))
    with pytest.raises(Refused) as error:
        trials.create()
    assert error.value.kind == "space"


def test_files_keep_their_names_without_paths_and_of_equal_ones_each_stays(trials: TrialsFolder) -> None:
    _, trial = trials.create()
    for name in ("tea.md", "../../tea.md", "tea.md", ".groups"):
        add(trial, name)
    assert trial.names == ["groups", "tea (2).md", "tea (3).md", "tea.md"]
    for number in range(MOST_FILES - 4):
        add(trial, f"{number}.md")
    with pytest.raises(Refused) as error, trial.added("more.md"):
        pass
    assert error.value.kind == "files"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("", "file"),
        ("..", "file"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\me\\Tea list.docx", "Tea list.docx"),
        ("..\\..\\.indexignore", "indexignore"),
        ("~$tea.docx", "tea.docx"),
        ("te\x00a\n\u202e.md", "tea.md"),
        ("绿茶.pdf", "绿茶.pdf"),
        ("茶" * 200 + ".pdf", "茶" * 50 + ".pdf"),
        ("\ud800.md", "md"),
    ],
)
def test_a_name_is_made_safe(given: str, name: str) -> None:
    assert safe_name(given) == name


def test_half_an_upload_leaves_nothing_and_two_at_once_are_refused(trials: TrialsFolder) -> None:
    _, trial = trials.create()

    def two_at_once() -> None:
        with trial.added("tea.md") as file:
            file.write(b"half")
            add(trial, "other.md")

    with pytest.raises(Refused) as error:
        two_at_once()
    assert (error.value.kind, trial.names, trial.bytes()) == ("busy", [], 0)
    add(trial, "tea.md")
    assert (trial.names, trial.bytes()) == (["tea.md"], 13)


def test_a_trial_whose_worker_was_killed_has_failed(trials: TrialsFolder) -> None:
    _, trial = trials.create()
    assert trial.status() == {"state": "new"}
    lock = trial.hold()
    assert lock
    with lock:
        trial.note({"state": "encoding", "done": 3})
        assert trial.hold() is None
        assert trial.status() == {"state": "encoding", "done": 3}
    assert trial.status() == {"state": "failed"}
    assert json.loads((trial.folder / "status.json").read_text()) == {"state": "encoding", "done": 3}


def test_a_folder_that_is_open_to_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path / "trials")
    TrialsFolder(tmp_path / "trials")
    for name in ("open", "link"):
        with pytest.raises(UserError, match="is not a private folder of this user"):
            TrialsFolder(tmp_path / name)
