import json
from pathlib import Path

import pytest

from app.answering.labelled.questions import TEMPLATE
from eval.__main__ import main
from eval.results import write_result
from index.__main__ import main as index_main
from tests.conftest import ARTICLES, write_articles
from tests.eval.sets.test_beir import write_dataset
from tests.rerankers import ivy_model

pytestmark = pytest.mark.slow

QUESTIONS: list[dict[str, object]] = [
    {
        "id": "fact-1",
        "question": "How many grams of lunar soil did a probe bring to Earth?",
        "kind": "fact",
        "gold": [[{"article": "moon", "quote": "A probe brought 1,935.3 grams of it to Earth in June 2024."}]],
    },
    {"id": "outside-1", "question": "Who composed the Goldberg Variations?", "kind": "outside", "gold": []},
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small articles, their index by the default encoder, and questions on them."""
    base = tmp_path_factory.mktemp("eval")
    write_articles(base / "articles", ARTICLES)
    assert index_main(["build", str(base / "articles"), "--index", str(base / "index")]) == 0
    (base / "questions.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)), "utf-8")
    return base


def run(base: Path, *more: str) -> int:
    return main(["run", "--set", str(base / "questions.jsonl"), "--index", str(base / "index"), "--no-cold", *more])


def test_run_prints_measures_and_writes_report_and_result(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report, saved = base / "report", base / "saved" / "001.json"
    assert run(base, "--json", "--report", str(report), "--save", str(saved)) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["recall@5"], result["ndcg@10"], result["citations"]["verbatim"]) == (1.0, 1.0, 1.0)
    assert (result["no_answer"]["f1"], result["failures"]) == (1.0, [])
    assert "outcomes" not in result
    assert "<svg" in (report / "index.html").read_text("utf-8")
    assert main(["compare", str(saved), str(saved)]) == 0
    assert main(["table", str(saved)]) == 0
    assert "| quotes verbatim in the live file | 1.000 |" in capsys.readouterr().out


def test_run_for_people_prints_a_table(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(base) == 0
    assert capsys.readouterr().out.startswith("| 2 questions on")


def test_a_run_with_a_reranker_measures_its_order_and_says_so(base: Path) -> None:
    plain, saved, ivy = base / "plain.json", base / "ivy.json", str(ivy_model(base / "ivy"))
    assert run(base, "--save", str(plain)) == 0
    assert run(base, "--save", str(saved), "--report", str(base / "of-ivy"), "--reranker", ivy) == 0
    before, after = (json.loads(path.read_text("utf-8")) for path in (plain, saved))
    assert (before["reranker"], after["reranker"]) == ("", ivy)
    assert f", reranker {ivy}, " in (base / "of-ivy" / "index.html").read_text("utf-8")
    assert (before["recall@1"], after["recall@1"], after["recall@3"]) == (1.0, 0.0, 1.0)
    decided = [[(o["answered"], o["support"]) for o in result["outcomes"]] for result in (before, after)]
    assert decided[0] == decided[1]


def test_a_fall_is_exit_code_1_and_named(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = base / "good.json", base / "bad.json"
    run(base, "--save", str(good))
    fields = json.loads(good.read_text("utf-8"))
    fields["outcomes"][0].update(answered=False, verdict="none", highlight=None)
    write_result(fields, bad)
    capsys.readouterr()
    assert main(["compare", str(good), str(bad)]) == 1
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines() if line.endswith("FELL")] == [
        "highlight",
        "decided_right",
        "refused_answerable",
        "precision",
        "f1",
        "coverage",
    ]
    assert "broken: fact-1" in out
    assert main(["compare", str(bad), str(good)]) == 0


def test_what_is_no_result_is_told(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(base / "none.json"), str(base / "questions.jsonl")]) == 2
    assert "is no result of a run" in capsys.readouterr().err


def test_bench_prints_one_object_and_indexes_once(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_dataset(base / "pond")
    command = ["bench", str(folder), "--json", "--index", str(base / "bench")]
    assert main(command) == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["dataset"], first["ndcg@10"], first["documents"], first["questions"]) == ("pond", 1.0, 2, 2)
    assert main([*command, "--signals", "bm25", "--fusion", "rrf", "--no-history"]) == 0
    assert json.loads(capsys.readouterr().out)["recall@10"] == 1.0
    ivy = str(ivy_model(base / "of-bench"))
    assert main([*command, "--reranker", ivy]) == 0
    assert (first["reranker"], json.loads(capsys.readouterr().out)["reranker"]) == ("", ivy)


def test_bench_tells_what_is_no_data_set(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(base / "none"), "--index", str(base / "bench")]) == 2
    assert "is no data set in BEIR layout" in capsys.readouterr().err


def test_check_counts_kinds_and_lists_untouched_articles(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["check", "--set", str(base / "questions.jsonl"), "--folder", str(base / "articles")]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "2 questions, every quote found once" in out
    assert "articles that no question touches: garden/bees, zh/tea" in out


def test_check_names_a_quote_that_no_article_holds(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {**QUESTIONS[0], "gold": [[{"article": "moon", "quote": "Cheese."}]]}
    (base / "wrong.jsonl").write_text(json.dumps(wrong), "utf-8")
    assert main(["check", "--set", str(base / "wrong.jsonl"), "--folder", str(base / "articles")]) == 2
    assert "line 1: moon does not hold the quote 'Cheese.'" in capsys.readouterr().err


def test_the_template_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--template"]) == 0
    assert capsys.readouterr().out == TEMPLATE
