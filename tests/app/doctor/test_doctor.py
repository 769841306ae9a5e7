"""`python -m app doctor`: it finds what is wrong, and says what to do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.__main__ import main
from app.doctor import collection, machine
from app.doctor.findings import Finding, found
from app.doctor.proxy import proxy
from app.settings import Settings
from index.encoder.model_files import DEFAULT_MODEL
from index.stores.address import open_location
from index.stores.builds.directory import live_build


def test_where_all_is_well_each_part_says_so(real_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--index", str(real_root), "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)
    assert [each["state"] for each in findings if each["state"] == "wrong"] == []
    parts = ["settings", "installation", "index", "model", "model", "disk", "disk", "disk", "clock", "open files"]
    assert [each["part"] for each in findings] == [*parts, "proxy", "permissions"]
    said = {each["text"] for each in findings}
    assert {f"{DEFAULT_MODEL} answers, 384 numbers a passage", "127.0.0.1:7860, without a proxy"} <= said


def test_a_wrong_setting_and_no_index_are_told_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_PORT", "http")
    assert main(["doctor", "--index", str(tmp_path / "none")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "wrong settings     'http' is not a port"
    assert lines[1].strip() == "do: Give a number from 0 to 65535"
    assert f"wrong index        no index at {tmp_path / 'none'}" in lines
    assert sum("no index at" in line for line in lines) == 1


def _rewritten(root: Path, change: Callable[[dict[str, object]], object]) -> None:
    path = live_build(root) / "manifest.json"
    fields = json.loads(path.read_text("utf-8"))
    change(fields)
    path.write_text(json.dumps(fields), "utf-8")


def states(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.state, finding.text) for finding in findings]


def test_damage_an_earlier_format_and_a_folder_that_is_gone_are_found(root: Path, folder: Path) -> None:
    location = open_location(root)
    folder.rename(folder.with_name("moved"))
    assert states(found("index", lambda: collection.index(location))) == [
        ("ok", f"{root}: build {location.open().manifest.name}, 3 articles, 4 passages"),
        ("note", f"the folder of articles {folder} is not there"),
    ]
    vectors = live_build(root) / "vectors.faiss"
    raw = vectors.read_bytes()
    vectors.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    ((state, text),) = states(found("index", lambda: collection.index(location)))[:1]
    assert (state, text.endswith("vectors.faiss is missing or altered")) == ("wrong", True)
    _rewritten(root, lambda fields: fields.update(format=9))
    ((state, text),) = states(found("index", lambda: collection.index(location)))
    assert (state, "takes its vectors over" in text) == ("wrong", True)


def test_a_build_and_articles_of_the_future_are_found(root: Path) -> None:
    location = open_location(root)
    assert [state for state, _ in states(found("clock", lambda: collection.clock(location)))] == ["ok"]
    path = live_build(root) / "articles.jsonl"
    path.write_text(path.read_text("utf-8").replace('"2024-06-25"', '"2924-06-25"'), "utf-8")
    _rewritten(root, lambda fields: fields.update(created="2924-01-01T00:00:00+00:00"))
    (build_state, _), article = states(found("clock", lambda: collection.clock(location)))
    assert build_state == "wrong"
    assert article == ("note", "1 articles are dated in the future: moon")


def test_an_index_that_others_can_change_or_read_although_access_is_by_groups_is_wrong(root: Path) -> None:
    by_groups = Settings(groups_header="x-groups")
    root.chmod(0o755)
    assert [state for state, _ in states(found("", lambda: collection.permissions(root, Settings())))] == ["ok"]
    ((state, text),) = states(found("", lambda: collection.permissions(root, by_groups)))
    assert (state, "although access is by groups" in text) == ("wrong", True)
    root.chmod(0o770)
    assert states(found("", lambda: collection.permissions(root, by_groups))) == [
        ("wrong", f"others can change {root}")
    ]
    (finding,) = found("", lambda: collection.groups(open_location(root), by_groups))
    assert finding.text == "3 of 3 articles name no group: nobody sees them"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, ["127.0.0.1:7860, without a proxy"]),
        ({"HOST": "0.0.0.0"}, ["it listens on 0.0.0.0, but answers only to", "without a sign-in: whoever"]),  # noqa: S104
        (
            {"HOST": "10.0.0.1", "ALLOWED_HOSTS": "a.example", "TRUSTED_PROXIES": "10.0.0.2", "USER_HEADER": "X-U"},
            ["people can go around the proxy"],
        ),
        ({"ALLOWED_HOSTS": "a.example"}, ["a host is named, but no proxy"]),
        ({"TRUSTED_PROXIES": "127.0.0.1", "GROUPS_HEADER": "X-G"}, ["a request without a person is let in"]),
        (
            {"TRUSTED_PROXIES": "::1", "GROUPS_HEADER": "X-G", "USER_HEADER": "X-U", "ALLOWED_HOSTS": "a.example"},
            ["127.0.0.1:7860, behind a proxy"],
        ),
    ],
)
def test_settings_that_do_not_fit_a_proxy_are_found(variables: dict[str, str], said: list[str]) -> None:
    settings = Settings.from_env({f"CHAT_{name}": value for name, value in variables.items()})
    texts = [finding.text for finding in proxy(settings)]
    assert len(texts) == len(said)
    assert [part for part, text in zip(said, texts, strict=True) if part not in text] == []


def test_few_open_files_and_a_full_disk_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_LEAST_FILES", 2**62)
    monkeypatch.setattr(machine, "_LEAST_FREE", 2**62)
    (files,) = machine.open_files()
    assert (files.state, "LimitNOFILE" in files.advice) == ("wrong", True)
    assert {finding.state for finding in machine.disk(tmp_path)} == {"wrong"}
