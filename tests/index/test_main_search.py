"""`python -m index search` with its options: what orders the passages, and why each was found."""

import json
from pathlib import Path

import pytest

from index.__main__ import main
from tests.conftest import ARTICLES, write_articles
from tests.rerankers import WITH_IVY, WITHOUT_IVY, ivy_model

pytestmark = pytest.mark.slow

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index made by the command line, beside the folder of a reranker that likes ivy; not to be changed."""
    base = tmp_path_factory.mktemp("made")
    ivy_model(base / "ivy")
    assert main(["build", str(write_articles(base / "articles", ARTICLES)), "--index", str(base / "index")]) == 0
    return base / "index"


def test_why_is_printed_under_each_passage(made: Path, capsys: Capture) -> None:
    assert main(["search", QUESTION, "--index", str(made), "-k", "1", "--why"]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[2] == "   Soil Lunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024."
    words = lines[3].removeprefix("   words: ").split(", ")
    assert {word.split()[0] for word in words} == {"soil", "lunar", "grams", "probe", "Earth"}
    assert lines[4].startswith("   meaning: cosine 0.")
    assert ", most of it from 1,935.3 0." in lines[4]
    assert lines[5].startswith("   reader: answers with probability 0.")
    assert lines[5].endswith(", “1,935.3 grams”")
    assert lines[6:] == [""]


def test_why_as_json_adds_up_to_the_signals(made: Path, capsys: Capture) -> None:
    assert main(["search", QUESTION, "--index", str(made), "--why", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)

    assert len(hits) == 4
    for hit in hits:
        why, best = hit["why"], hit["best_sentence"]
        assert why["sentence"] == {"start": best["start"], "end": best["end"]}
        assert sum(word["weight"] for word in why["words"]) == pytest.approx(hit["signals"]["bm25"], abs=1e-5)
        total = sum(share["share"] for share in why["shares"]) + why["rest"]
        assert total == pytest.approx(hit["signals"]["passage"], abs=2e-3)  # bfloat16, in another batch


def test_a_reranker_orders_the_passages_and_is_named(made: Path, capsys: Capture) -> None:
    ivy = str(made.parent / "ivy")
    command = ["search", QUESTION, "--index", str(made), "--reranker", ivy]
    assert main(command) == 0
    output, errors = capsys.readouterr()
    assert output.startswith("1. Bees in the garden  [garden/bees:0-101]  score 0.920\n")
    assert errors == f"note: the best 20 are in the order of {ivy}\n"

    assert main([*command, "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)
    assert [hit["article"] for hit in hits] == ["garden/bees", "moon", "moon", "zh/tea"]
    assert {hit["reranker"] for hit in hits} == {ivy}
    assert (WITH_IVY > 0 > WITHOUT_IVY, hits[1]["score"]) == (True, pytest.approx(0.1192, abs=1e-4))


def test_a_reranker_that_is_not_there_is_one_sentence(made: Path, capsys: Capture) -> None:
    assert main(["search", QUESTION, "--index", str(made), "--reranker", "nobody/none"]) == 2
    assert capsys.readouterr().err.startswith("error: no reranker 'nobody/none': not a folder, and not in the hub's")
