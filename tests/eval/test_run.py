from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.labelled.questions import Gold, LabelledQuestion
from eval.compare import compare
from eval.results import Setting, read_result, summary, write_result
from eval.run import Outcome, evaluate, live_texts
from index.search.searcher import Searcher
from tests.answers import answer_to
from tests.conftest import write_articles

MOON = "A probe brought 1,935.3 grams of it to Earth in June 2024."
BEES = "Lavender feeds bees in July."
SETTING = Setting("questions.jsonl", "b", "hashing", "2026-01-01")


@pytest.fixture
def questions(searcher: Searcher) -> list[LabelledQuestion]:
    def gold(article_id: str, quote: str) -> tuple[Gold, ...]:
        article = searcher.articles.by_id(article_id)
        assert article is not None
        start = article.text.index(quote)
        return (Gold(article_id, start, start + len(quote), quote),)

    return [
        LabelledQuestion(
            "fact-1", "How many grams of lunar soil did a probe bring to Earth?", "fact", (gold("moon", MOON),)
        ),
        LabelledQuestion("fact-2", "What feeds bees in July, lavender?", "fact", (gold("garden/bees", BEES),)),
        LabelledQuestion(
            "comparison-1",
            "Compare grams of lunar soil a probe brought with lavender that feeds bees in July",
            "comparison",
            (gold("moon", MOON), gold("garden/bees", BEES)),
        ),
        LabelledQuestion("outside-1", "Which orchestra toured Portugal?", "outside"),
    ]


def run(
    searcher: Searcher,
    questions: Sequence[LabelledQuestion],
    folder: Path,
    change: Callable[[Answer], Answer] = lambda a: a,
) -> list[Outcome]:
    def ask(question: LabelledQuestion, k: int) -> Answer:
        return change(answer_to(searcher, question.question, k, question.history))

    return evaluate(questions, ask, live_texts(folder))


def test_an_outcome_tells_rank_coverage_highlight_and_decision(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path
) -> None:
    first, second, both, none = run(searcher, questions, folder)
    assert (first.rank, first.recall_at_1, first.mrr_at_10, first.ndcg_at_10) == (1, 1.0, 1.0, 1.0)
    assert (first.span_recall, first.highlight, first.verbatim, first.answered) == (1.0, True, True, True)
    assert (first.verdict, none.verdict, first.history) == ("answer", "none", ())
    assert (first.returned, first.returned_from, first.faults) == (MOON, "moon", [])
    assert (second.returned, second.rank) == (BEES, 1)
    assert (both.recall_at_1, both.recall_at_5, both.span_recall) == (0.5, 1.0, 1.0)
    assert (none.answerable, none.answered, none.rank, none.ndcg_at_10, none.highlight) == (
        False,
        False,
        None,
        None,
        None,
    )


def test_a_question_is_right_at_first_place_if_its_first_hits_hold_every_part(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path
) -> None:
    assert [outcome.first for outcome in run(searcher, questions, folder)] == [True, True, True, None]
    backwards = run(searcher, questions, folder, reversed_ranking)
    assert [outcome.first for outcome in backwards] == [False, False, False, None]


def test_a_question_for_a_list_is_wrong_where_the_answer_holds_none(searcher: Searcher, folder: Path) -> None:
    asked = LabelledQuestion("list-1", "How many articles mention bees?", "list", count=1, articles=frozenset({"bees"}))
    (outcome,) = run(searcher, [asked], folder)
    assert (outcome.first, outcome.rank, outcome.recall_at_1, outcome.answerable) == (False, 0, None, True)
    assert (outcome.gold, "the list of articles is another" in outcome.faults) == ((("1 articles: bees",),), True)


def test_measures_overall_are_of_the_plain_kinds_and_ways_to_ask_have_their_own(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path
) -> None:
    others = [replace(question, id=f"p-{question.id}", kind="phrase") for question in questions[:3]]
    wrong = replace(questions[0], id="date-1", kind="date", gold=questions[1].gold)
    outcomes = run(searcher, [*questions, *others, wrong], folder)
    result, former = summary(outcomes, SETTING), summary(outcomes[:4], SETTING)
    for name in ("n", "recall@1", "ndcg@10", "decided_right", "citations", "no_answer", "selective"):
        assert result[name] == former[name]
    assert {kind: own["first"] for kind, own in result["first_by_kind"].items()} == {"phrase": 1.0, "date": 0.0}
    assert former["first_by_kind"] == {}


def test_a_set_of_ways_to_ask_alone_has_measures_overall(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path
) -> None:
    result = summary(run(searcher, [replace(questions[0], kind="acronym")], folder), SETTING)
    assert (result["n"], result["recall@1"], result["first_by_kind"]["acronym"]["first"]) == (1, 1.0, 1.0)


def test_ranks_are_measured_behind_a_refusal(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path
) -> None:
    def refuse(answer: Answer) -> Answer:
        return replace(answer, verdict="none", citations=(), closest=answer.citations or answer.closest)

    first = run(searcher, questions, folder, refuse)[0]
    assert (first.answered, first.rank, first.span_recall, first.highlight) == (False, 1, 1.0, None)
    assert first.faults == ["refused though the articles answer"]


def test_a_question_without_hits_counts_nought(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path
) -> None:
    first = run(searcher, questions, folder, lambda answer: replace(answer, citations=(), closest=()))[0]
    assert (first.rank, first.recall_at_10, first.mrr_at_10, first.span_recall, first.returned) == (
        0,
        0.0,
        0.0,
        0.0,
        "",
    )


def test_a_quote_must_stand_in_the_live_file(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path
) -> None:
    other = write_articles(folder.with_name("other"), {"moon.md": "Rewritten since."})
    first, second = run(searcher, questions, other)[:2]
    assert (first.verbatim, second.verbatim) == (False, False)
    assert "a quote is not in the live file" in first.faults


def test_the_summary_has_the_agreed_keys_and_means(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path
) -> None:
    result = summary(run(searcher, questions, folder), SETTING)
    assert (result["n"], result["recall@5"], result["recall@1"], result["mrr@10"]) == (4, 1.0, round(2.5 / 3, 4), 1.0)
    assert {kind: own["n"] for kind, own in result["by_kind"].items()} == {
        "fact": 2,
        "comparison": 1,
        "outside": 1,
    }
    assert result["by_kind"]["fact"]["recall@5"] == 1.0
    assert result["by_kind"]["fact"]["citations"]["span_recall"] == 1.0
    assert result["by_kind"]["outside"]["recall@5"] is None
    assert result["by_kind"]["outside"]["no_answer"]["recall"] == 1.0
    low, high = result["time_intervals"]["p50_ms"]
    assert low <= result["p50_ms"] <= high
    assert set(result["citations"]) == {"verbatim", "span_recall", "highlight", "intervals"}
    measures = {"precision", "recall", "f1", "auroc", "auroc_near_miss", "refused_answerable"}
    assert set(result["no_answer"]) == {*measures, "intervals"}
    assert (result["no_answer"]["f1"], result["no_answer"]["auroc"], result["citations"]["verbatim"]) == (1.0, 1.0, 1.0)
    selective = {name: value for name, value in result["selective"].items() if value is not None}
    del selective["intervals"]
    assert selective == {
        "coverage": 1.0,
        "correct": 1.0,
        "correct_first": 1.0,
        "correct_highlight": 1.0,
        "answer_in_gold": 0.0,
        "outside": 0.0,
        "aurc": 0.0625,
    }
    assert {"ndcg@10", "recall@10", "p50_ms", "p95_ms", "failures"} <= set(result)


def test_a_result_is_read_back_as_it_was_written(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path, tmp_path: Path
) -> None:
    outcomes = run(searcher, questions, folder)
    write_result(summary(outcomes, SETTING), tmp_path / "results" / "001.json")
    assert read_result(tmp_path / "results" / "001.json")["outcomes"] == outcomes


def test_a_result_of_a_former_version_is_read_with_the_verdicts_that_it_means(
    searcher: Searcher, questions: list[LabelledQuestion], folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "001.json"
    result = summary(run(searcher, questions, folder), SETTING)
    selective = result["selective"], result["by_kind"]["fact"]["selective"]
    for measures in (result, *result["by_kind"].values()):
        del measures["selective"]
    for outcome in result["outcomes"]:
        del outcome["verdict"], outcome["history"]
    write_result(result, path)
    former = read_result(path)
    assert (former["selective"], former["by_kind"]["fact"]["selective"]) == selective
    assert [o.verdict for o in former["outcomes"]] == ["answer", "answer", "answer", "none"]


def reversed_ranking(answer: Answer) -> Answer:
    return replace(answer, citations=answer.citations[::-1], closest=answer.closest[::-1])


def shifted_quotes(answer: Answer) -> Answer:
    shifted = tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in answer.citations)
    return replace(answer, citations=shifted)


def silence(answer: Answer) -> Answer:
    return replace(answer, verdict="none", citations=(), closest=answer.citations or answer.closest)


@pytest.mark.parametrize(
    ("sabotage", "measures"),
    [
        (reversed_ranking, {"recall@1", "mrr@10", "ndcg@10", "highlight"}),
        (shifted_quotes, {"verbatim"}),
        (silence, {"decided_right", "refused_answerable", "highlight"}),
    ],
)
def test_the_gate_fails_on_a_broken_search(
    sabotage: Callable[[Answer], Answer],
    measures: set[str],
    searcher: Searcher,
    questions: list[LabelledQuestion],
    folder: Path,
) -> None:
    many = [replace(question, id=f"{question.id}.{n}") for n in range(5) for question in questions]
    sound, broken = run(searcher, many, folder), run(searcher, many, folder, sabotage)
    assert compare(sound, sound).fell is False
    found = compare(sound, broken)
    assert found.fell is True
    assert {line.measure for line in found.differences if line.fell} >= measures
