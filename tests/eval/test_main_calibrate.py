"""`python -m eval calibrate` from the questions to the file that answers follow."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from app.answering.calibration import Calibration, read_calibration, rule_of, write_calibration
from app.answering.decision import DEFAULT, Rule
from eval.__main__ import main
from index.__main__ import main as index_main
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.address import open_location
from tests.conftest import write_articles
from tests.eval.sets.test_beir import write_dataset
from tests.eval.test_main import QUESTIONS

pytestmark = pytest.mark.slow

TOWNS = [f"{first}{last}" for first in ("Ash", "Birch", "Cold", "Dun", "Elm") for last in "ford mere port wick".split()]
RATES = [0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5]


def _fact(town: str, number: int) -> dict[str, str]:
    return {"article": town.lower(), "quote": f"The lighthouse of {town} is {20 + number} metres high."}


def _questions() -> list[dict[str, object]]:
    """Forty questions that the articles answer and three that they do not."""
    found: list[dict[str, object]] = []
    for number, town in enumerate(TOWNS):
        gold = [[_fact(town, number)]]
        found += [
            {"id": f"{town}-1", "question": f"How high is the lighthouse of {town}?", "kind": "fact", "gold": gold},
            {"id": f"{town}-2", "question": f"Is {town}'s lighthouse a tall one?", "kind": "fact", "gold": gold},
        ]
    nobody = ("Who composed the Goldberg Variations?", "Why do volcanoes erupt?", "How is paper folded?")
    found += [{"id": text, "question": text, "kind": "near-miss", "gold": []} for text in nobody]
    return found


def _ways() -> list[dict[str, object]]:
    """Ways to ask, which no rule is fitted to."""
    gold = [[_fact(TOWNS[0], 0)]]
    return [
        {"id": "phrase-1", "question": f'"lighthouse of {TOWNS[0]}"', "kind": "phrase", "gold": gold},
        {"id": "list-1", "question": "How many articles are there?", "kind": "list", "gold": [], "count": len(TOWNS)},
    ]


@pytest.fixture(scope="module")
def harbours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of twenty articles by the default encoder, and two sets of questions on them."""
    base = tmp_path_factory.mktemp("harbours")
    articles = {f"{town.lower()}.md": f"{_fact(town, n)['quote']}\n\nBoats rest there." for n, town in enumerate(TOWNS)}
    write_articles(base / "articles", articles)
    assert index_main(["build", str(base / "articles"), "--index", str(base / "index")]) == 0
    (base / "questions.jsonl").write_text("\n".join(map(json.dumps, [*_questions(), *_ways()])), "utf-8")
    (base / "few.jsonl").write_text("\n".join(map(json.dumps, _questions()[-4:])), "utf-8")
    return base


@pytest.fixture
def base(harbours: Path) -> Path:
    """The same, without a calibration."""
    (harbours / "index" / "calibration.json").unlink(missing_ok=True)
    return harbours


def calibrate(base: Path, *more: str, questions: str = "questions.jsonl") -> int:
    command = ["calibrate", "--set", str(base / questions), "--index", str(base / "index"), "--reader", "none"]
    return main([*command, *more])


def kept(base: Path) -> Path:
    return base / "index" / "calibration.json"


def test_a_calibration_is_printed_and_kept_and_answers_follow_it(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate(base) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0] == "40 answerable questions; 3 unanswerable, 40 with their articles hidden"
    assert [float(line.split(" | ")[0].removeprefix("| ")) for line in lines[7:16]] == RATES
    assert lines[17].startswith("Of 40 answers on your questions 0 were wrong: with 95 % confidence at most 7.2 % are")
    assert lines[18] == "To certify 5 %: 19 more questions, answered without an error."
    assert printed.err.splitlines()[-1] == f"kept in {kept(base)}; answers follow it from now on"

    identity = identify(DEFAULT_MODEL)
    made = read_calibration(open_location(base / "index"), identity)
    assert made is not None
    assert (made.answerable, made.unanswerable, made.hidden, f"{made.auroc:.3f}") == (40, 3, 40, lines[1][33:38])
    assert rule_of(open_location(base / "index"), identity) == made.rule != DEFAULT


def test_with_the_reader_its_step_is_fitted_too(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert calibrate(base, "--reader", "shipped", "--json", "--dry-run") == 0
    rule = json.loads(capsys.readouterr().out)["rule"]

    assert rule["read"]["found"] > 0
    assert calibrate(base, "--json", "--dry-run") == 0
    assert json.loads(capsys.readouterr().out)["rule"]["read"] is None


def test_the_certificate_stands_in_info_and_report(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert calibrate(base) == 0
    certificate = capsys.readouterr().out.splitlines()[17]
    assert index_main(["info", "--index", str(base / "index")]) == 0
    assert f"certificate     {certificate.removesuffix('.')}\n" in capsys.readouterr().out
    assert index_main(["info", "--index", str(base / "index"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["certificate"] == {
        "answers": 40,
        "wrong": 0,
        "at_most": 0.0722,
        "changed": 0.0,
        "withdrawn": False,
    }
    run = ["run", "--set", str(base / "few.jsonl"), "--index", str(base / "index"), "--no-cold"]
    assert main([*run, "--report", str(base / "report")]) == 0
    assert certificate in (base / "report" / "index.html").read_text("utf-8")


def test_the_measures_of_a_run_are_those_of_the_kept_rule(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = ["run", "--set", str(base / "few.jsonl"), "--index", str(base / "index"), "--no-cold", "--json"]
    refused = []
    for bias in (50, -50):
        rule = Rule(bias=bias, sentence=0, coverage=0, missing=0)
        write_calibration(open_location(base / "index"), identify(DEFAULT_MODEL), Calibration(rule, "", 40, 3, 40, 1.0))
        assert main(run) == 0
        refused.append(json.loads(capsys.readouterr().out)["no_answer"]["refused_answerable"])
    assert refused == [0.0, 1.0]


def test_a_dry_run_prints_the_same_for_programs_and_writes_nothing(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate(base, "--json", "--dry-run") == 0
    dry = capsys.readouterr()
    assert (kept(base).exists(), "kept in" in dry.err) == (False, False)

    assert calibrate(base, "--json") == 0
    assert capsys.readouterr().out == dry.out
    made = read_calibration(open_location(base / "index"), identify(DEFAULT_MODEL))
    assert made is not None
    fields = json.loads(json.dumps(asdict(made)))
    assert len(fields["certificate"].pop("articles")) == 20
    fields["certificate"] |= {"risk": 0.05, "missing": 19}
    assert json.loads(dry.out) == fields
    assert [pair[0] for pair in json.loads(dry.out)["curve"]] == RATES


def test_the_default_is_fitted_to_public_sets_too_and_nothing_is_kept(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pond = write_dataset(tmp_path / "pond")
    monkeypatch.chdir(tmp_path)  # a public set is indexed below the working directory
    assert calibrate(base, "--json", "--default", str(pond)) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    # Its two questions are answered by either of two articles: one is left where the other is hidden.
    assert (found["answerable"], found["unanswerable"], found["hidden"]) == (42, 3, 42)
    assert (kept(base).exists(), "kept in" in printed.err) == (False, False)


def test_too_few_questions_calibrate_nothing_and_the_earlier_calibration_stays(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(base).write_text("as it was", "utf-8")
    assert calibrate(base, questions="few.jsonl") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "error: uncalibrated: 1 questions that the articles answer and 4 that they do not" in printed.err
    assert "The default rule goes on deciding." in printed.err
    assert kept(base).read_text("utf-8") == "as it was"


def test_a_set_of_other_articles_is_told_and_calibrates_nothing(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (base / "other.jsonl").write_text(json.dumps(QUESTIONS[0]), "utf-8")
    assert calibrate(base, questions="other.jsonl") == 2
    assert "line 1: there is no article 'moon'" in capsys.readouterr().err
    assert not kept(base).exists()
