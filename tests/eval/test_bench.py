import json
from pathlib import Path

import pytest

from app.answering.collection import Collection
from eval.bench import Options, ablation, index_dataset, measure
from eval.sets.beir import Dataset, read_dataset
from index.search.fusion import WEIGHTINGS, reciprocal_ranks
from index.search.models import Models
from index.search.questions.question import Question
from index.search.searcher import Searcher
from tests.eval.sets.test_beir import write_dataset
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.rerankers import Opinion

ANSWERS: list[dict[str, object]] = [{"_id": "q1", "unanswerable": False}, {"_id": "q2", "unanswerable": True}]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return read_dataset(write_dataset(tmp_path / "pond", ANSWERS))


@pytest.fixture
def searcher(dataset: Dataset, tmp_path: Path) -> Searcher:
    index_dataset(dataset, tmp_path / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(tmp_path / "index")


def test_the_agreed_keys_hold_hand_checked_values(dataset: Dataset, searcher: Searcher) -> None:
    measured = measure(dataset, Collection.of(searcher), Options(hide_source=True))
    assert set(measured) == {
        *("ndcg@10", "recall@5", "recall@10", "mrr@10", "auroc_hidden", "auroc_no_answer"),
        *("span_f1", "span_exact", "p50_ms", "p95_ms", "documents", "questions"),
    }
    assert (measured["ndcg@10"], measured["mrr@10"], measured["recall@5"]) == (1.0, 1.0, 1.0)
    assert (measured["documents"], measured["questions"], measured["auroc_hidden"]) == (2, 2, 1.0)
    json.dumps(measured)


def test_without_answers_and_hiding_those_measures_are_none(tmp_path: Path) -> None:
    dataset = read_dataset(write_dataset(tmp_path / "bare"))
    index_dataset(dataset, tmp_path / "index", IDENTITY, load=HashingEncoder)
    measured = measure(dataset, Collection.of(searcher_of(tmp_path / "index")), Options())
    assert (measured["auroc_hidden"], measured["auroc_no_answer"]) == (None, None)


def test_a_hidden_source_is_not_found(dataset: Dataset, searcher: Searcher) -> None:
    found = searcher.search(Question("What do bees feed on?"), 5, exclude=["d2"])
    assert [hit.passage.article.id for hit in found] == ["d1"]
    assert searcher.search(Question("What do bees feed on?"), 5, exclude=["d1", "d2"]) == []


def test_history_changes_what_is_read_and_can_be_left_out(dataset: Dataset, searcher: Searcher) -> None:
    asked: list[tuple[str, ...]] = []

    class Listening(Searcher):
        def fused(self, question, k=5, **options):  # type: ignore[no-untyped-def]
            asked.append(question.context.questions)
            return super().fused(question, k, **options)

    listening = Collection.of(Listening(searcher.store, searcher.encoder))
    for options in (Options(), Options(history=False), Options(unrelated=1)):
        measure(dataset, listening, options)
    own = "What is the Moon like?"
    assert asked[2::4] == [(own,), (), (own,)]  # a question that stands alone ends what is read before it


def test_every_variant_of_the_ablation_is_measured(dataset: Dataset, searcher: Searcher) -> None:
    rows = ablation(dataset, Collection.of(searcher))
    assert [row["variant"] for row in rows] == [
        "--reader none",
        "--signals dense",
        "--signals bm25",
        "--signals dense+bm25 --fusion rrf",
        "--signals dense+bm25 --fusion scaled",
        "--fusion rrf",
        "--fusion scaled",
        "--hide-source (default ranking)",
        "--no-history",
        "--unrelated-history 4",
        "--misspell",
        "--misspell --exact-words",
    ]
    assert {row["dataset"] for row in rows} == {"pond"}


def test_reciprocal_ranks_add_up_and_leave_out_what_no_word_matched(searcher: Searcher) -> None:
    ranked = searcher.ranked_by(WEIGHTINGS["dense+bm25"], reciprocal_ranks).search(Question("lavender"))
    assert [hit.passage.article.id for hit in ranked] == ["d2", "d1"]
    assert ranked[0].score == pytest.approx(1 / 61 + 1 / 61)
    assert ranked[1].score == pytest.approx(1 / 62)


def test_the_decision_is_measured_as_it_is_without_a_reranker(dataset: Dataset, searcher: Searcher) -> None:
    options = Options(hide_source=True, timed=False)
    plain = measure(dataset, Collection.of(searcher), options)
    reordered = measure(dataset, Collection.of(searcher.with_models(Models(reranker=Opinion(len)))), options)
    assert (plain["mrr@10"], reordered["mrr@10"]) == (1.0, 0.75)
    assert [reordered[name] for name in ("auroc_hidden", "auroc_no_answer")] == [
        plain[name] for name in ("auroc_hidden", "auroc_no_answer")
    ]
