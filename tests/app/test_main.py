import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.__main__ import main
from index.__main__ import main as index_main
from tests.conftest import ARTICLES, PROJECT, write_articles
from tests.rerankers import ivy_model

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the locale to English, independent of the machine."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_ask_prints_the_quote_with_its_source(real_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION, "-k", "1", "--index", str(real_root)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "[1] The Moon: soil and seas, Night Sky Notes, 2024-06-25  (Checked now: the file still says so)\n    Soil\n"
    )
    assert "»A probe brought **1,935.3 grams** of it to Earth in June 2024.«" in " ".join(out.split())


def test_ask_as_json_prints_the_answer_object(real_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION, "--json", "--index", str(real_root)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["answered"], answer["citations"][0]["article"]) == (True, "moon")


def test_both_command_lines_search_only_what_passes_the_filters(
    real_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filters = ["--publisher", "garden notes", "--until", "2023", "--folder", "zh", "--folder", "garden"]
    assert main(["ask", QUESTION, *filters, "--json", "--index", str(real_root)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {c["article"] for c in (*answer["citations"], *answer["closest"])} == {"garden/bees", "zh/tea"}
    assert answer["filters"] == {"until": "2023", "publishers": ["Garden Notes"], "folders": ["zh", "garden"]}
    assert index_main(["search", QUESTION, *filters, "--json", "--index", str(real_root)]) == 0
    assert {hit["article"] for hit in json.loads(capsys.readouterr().out)} == {"garden/bees", "zh/tea"}


@pytest.mark.parametrize("command", [["ask"], ["search"]])
def test_a_filter_that_cannot_be_met_is_one_sentence(
    command: list[str], real_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = main if command == ["ask"] else index_main
    assert run([*command, QUESTION, "--publisher", "Gardn Notes", "--index", str(real_root)]) == 2
    error = "error: no article has the publisher 'Gardn Notes'. Choose among others: Garden Notes\n"
    assert capsys.readouterr() == ("", error)


def test_what_a_question_names_is_put_first_unless_it_is_to_be_ignored(
    real_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "What did Space Agency say of lunar soil?"
    assert main(["ask", question, "--index", str(real_root)]) == 0
    said, _, rest = capsys.readouterr().out.partition("\n\n")
    assert said == "Space Agency first (not so with --ignore 'publisher:Space Agency')"
    assert main(["ask", question, "--ignore", "publisher:Space Agency", "--index", str(real_root)]) == 0
    assert "first (not so with" not in capsys.readouterr().out
    assert rest


def test_ask_cites_in_the_order_of_a_reranker(real_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ivy = str(ivy_model(real_root.parent / "ivy"))
    assert main(["ask", QUESTION, "-k", "2", "--json", "--index", str(real_root), "--reranker", ivy]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["answered"], [c["article"] for c in answer["citations"]]) == (True, ["garden/bees", "moon"])


@pytest.mark.parametrize("command", [["ask", "Why?"], ["serve"], ["offline-check"]])
def test_a_reranker_that_is_not_there_is_told(
    command: list[str], real_root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_RERANKER", "nobody/none")
    assert main([*command, "--index", str(real_root)]) == 2
    assert capsys.readouterr().err.startswith("error: no reranker 'nobody/none': not a folder, and not in the hub's")


def test_refusing_is_exit_code_0(real_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "Who composed the Brandenburg Concertos?", "--index", str(real_root)]) == 0
    assert "The articles do not say." in capsys.readouterr().out


def test_ask_speaks_the_language_of_the_locale(
    real_root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["ask", "Who composed the Brandenburg Concertos?", "-k", "1", "--index", str(real_root)]) == 0
    said = capsys.readouterr().out
    assert "\n\n文章中没有答案。\n\n这些只是最接近的段落，并没有回答问题。\n\n[1] " in f"\n\n{said}"
    assert "(刚刚核对：文件原文如此)\n" in said


@pytest.mark.parametrize("command", [["serve"], ["ask", "Why?"], ["offline-check"], []])
def test_a_missing_index_is_one_sentence_with_the_command_that_makes_it(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_INDEX", str(tmp_path / "none"))
    assert main(command) == 2
    root = tmp_path / "none"
    assert (
        capsys.readouterr().err == f"error: no index at {root}. Make one: python -m index build FOLDER --index {root}\n"
    )


def test_the_owner_sees_all_and_can_ask_as_for_somebody(
    real_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def cited(*options: str) -> list[str]:
        assert main(["ask", QUESTION, "--json", *options]) == 0
        answer = json.loads(capsys.readouterr().out)
        return [citation["article"] for citation in (*answer["citations"], *answer["closest"])]

    assert "moon" in cited("--index", str(real_root))
    assert cited("--index", str(real_root), "--groups", "hr, board") == []
    grouped = ARTICLES | {"moon.md": ARTICLES["moon.md"].replace("---\n", "---\ngroups: HR\n", 1)}
    root = tmp_path / "index"
    assert index_main(["build", str(write_articles(tmp_path / "articles", grouped)), "--index", str(root)]) == 0
    capsys.readouterr()
    assert set(cited("--index", str(root), "--groups", "hr, board")) == {"moon"}
    assert cited("--index", str(root), "--groups", "board") == cited("--index", str(root), "--groups", "") == []
    assert set(cited("--index", str(root))) > {"moon"}


def test_groups_that_cannot_be_read_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "Why?", "--groups", "hr,\a"]) == 2
    assert capsys.readouterr().err.startswith("error: the name '\\x07' has characters that cannot be shown")


def test_a_server_takes_a_reranker_and_with_access_by_groups_says_how_many_articles_nobody_sees(
    real_root: Path,
) -> None:
    ivy = str(ivy_model(real_root.parent / "served"))
    groups = {"CHAT_GROUPS_HEADER": "X-Remote-Groups", "CHAT_TRUSTED_PROXIES": "127.0.0.1"}
    env = {**os.environ, **groups, "CHAT_RERANKER": ivy}
    command = [sys.executable, "-m", "app", "--port", "0", "--index", str(real_root)]
    with subprocess.Popen(
        command, cwd=PROJECT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert "The Moon" not in httpx.get(f"{address}/articles").text
        assert httpx.get(f"{address}/healthz").json()["reranker"] == ivy
        process.terminate()
        _, said = process.communicate(timeout=120)
    assert said == (
        "note: access is by groups, and 3 of 3 articles name none: nobody sees them. Name groups in them, or in a "
        "file .groups in their folder, and build again\n"
    )


def test_an_empty_question_is_told(real_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "  ", "--index", str(real_root)]) == 2
    assert capsys.readouterr().err == "error: the question is empty. Ask in plain words\n"


def test_an_unknown_setting_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_COLOUR", "red")
    assert main(["ask", "Why?"]) == 2
    assert capsys.readouterr().err.startswith("error: unknown setting CHAT_COLOUR. The settings are: CHAT_INDEX,")


@pytest.mark.parametrize("value", ["0", "21", "x", "-1"])
def test_a_number_of_citations_out_of_range_is_told(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["ask", "Why?", "-k", value])
    assert stop.value.code == 2
    assert f"'{value}' is not a number from 1 to 20" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["serve", "--help"], ["ask", "--help"]])
def test_help_explains_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 0
    out = capsys.readouterr().out
    assert "show this help" in out
    assert len(out.splitlines()) > 5
