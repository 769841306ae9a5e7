"""Questions put to an index whose best hits a reranker orders: what changes by it, and what must not."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.sections import Section
from app.serving.live import Live
from index.search.hits import Hit
from index.search.models import NO_MODELS, Models
from index.search.questions.question import MAX_CHARACTERS, Context, Question
from index.search.searcher import Ranking, Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.conftest import ARTICLES, write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.rerankers import Opinion

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
QUESTIONS = [
    QUESTION,
    "dark seas",
    "Which orchestra toured Portugal?",
    "What feeds bees in October?",
    "红茶的产量",
    "it",
]
OPINIONS: list[Callable[[str], float]] = [len, lambda text: -len(text), lambda text: 0.0, lambda text: text.count("e")]


def _ids(hits: list[Hit]) -> list[str]:
    return [hit.passage.id for hit in hits]


def _searcher(tmp_path: Path, articles: dict[str, str]) -> Searcher:
    build(write_articles(tmp_path / "many", articles), tmp_path / "other", IDENTITY, load=HashingEncoder)
    return searcher_of(tmp_path / "other")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Thirty articles of one passage each, none like another."""
    said = ["Ivy", "Basalt", "Lunar soil", "Green tea", "A honey bee"]
    texts = {f"{n:02}.md": f"{said[n % 5]} was seen {n} times by {'many ' * (n % 7)}people." for n in range(30)}
    return _searcher(tmp_path_factory.mktemp("crowd"), texts)


def test_the_reranker_orders_the_best_hits_and_their_signals_stay_their_own(searcher: Searcher) -> None:
    plain = {hit.passage.id: hit for hit in searcher.search(Question(QUESTION))}
    hits = searcher.with_models(Models(reranker=Opinion(lambda text: -len(text)))).search(Question(QUESTION))

    assert _ids(hits) == ["zh/tea:0-21", "moon:0-82", "moon:83-170", "garden/bees:0-101"]
    assert [hit.features for hit in hits] == [plain[hit.passage.id].features for hit in hits]
    assert [hit.best_sentence for hit in hits] == [plain[hit.passage.id].best_sentence for hit in hits]


def test_it_chooses_among_twenty_where_one_is_asked_for(crowd: Searcher) -> None:
    opinion = Opinion(len)
    fused = crowd.search(Question("Who has seen ivy?"), 30)
    first = crowd.with_models(Models(reranker=opinion)).search(Question("Who has seen ivy?"), 1)

    assert opinion.asked[0][1] == [hit.passage.text for hit in fused[:20]]
    assert _ids(first) == [max(fused[:20], key=lambda hit: len(hit.passage.text)).passage.id]
    assert _ids(first) != _ids(fused[:1])


def test_hits_behind_the_twentieth_keep_their_places(crowd: Searcher) -> None:
    fused = _ids(crowd.search(Question("Who has seen ivy?"), 30))
    hits = crowd.with_models(Models(reranker=Opinion(lambda text: -len(text)))).search(
        Question("Who has seen ivy?"), 30
    )

    assert _ids(hits)[20:] == fused[20:]
    assert sorted(_ids(hits)[:20]) == sorted(fused[:20])
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_copies_of_a_text_are_still_named(tmp_path: Path) -> None:
    bees = "Lavender feeds bees in July."
    searcher = _searcher(tmp_path, {"a.md": bees, "b.md": bees, "c.md": "Basalt is dark.", "d.md": bees})
    hits = searcher.with_models(Models(reranker=Opinion(lambda text: -len(text)))).search(Question("What feeds bees?"))

    assert [(hit.passage.article.id, hit.also_in) for hit in hits] == [("c", ()), ("a", ("b", "d"))]


def test_it_reads_the_question_after_its_context(searcher: Searcher) -> None:
    opinion = Opinion(len)
    asking = searcher.with_models(Models(reranker=opinion))
    asking.search(Question("  And\nin July?", Context(("What feeds bees?", "Who?"), 0.6, leads=True)))
    asking.search(Question("soil?", Context(("x" * 3_000,), 0.6, leads=True)))
    asking.search(Question("soil?"))

    questions = [question for question, _ in opinion.asked]
    assert [questions[0], questions[2]] == ["What feeds bees? Who? And in July?", "soil?"]
    assert (len(questions[1]), questions[1][-7:]) == (MAX_CHARACTERS, "x soil?")


def test_a_preference_counts_with_a_reranker_too(searcher: Searcher) -> None:
    asking = searcher.with_models(Models(reranker=Opinion(lambda text: len(text) / 1000)))

    assert _ids(asking.search(Question(QUESTION)))[0] == "garden/bees:0-101"
    assert _ids(asking.search(Question(QUESTION), boost={"zh/tea": 1.0}))[0] == "zh/tea:0-21"
    assert "moon:0-82" not in _ids(asking.search(Question(QUESTION), exclude={"moon"}))


def test_one_that_finds_all_alike_changes_nothing(searcher: Searcher) -> None:
    asking = searcher.with_models(Models(reranker=Opinion(lambda text: 0.5)))

    assert asking.search(Question(QUESTION)) == searcher.search(Question(QUESTION))
    assert asking.search(Question(QUESTION), boost={"zh/tea": 1.0}) == searcher.search(
        Question(QUESTION), boost={"zh/tea": 1.0}
    )


def test_a_searcher_keeps_its_reranker(root: Path, searcher: Searcher) -> None:
    opinion = Opinion(len)
    asking = searcher.with_models(Models(reranker=opinion))
    reopened = asking.reopened(open_location(root).open(), HashingEncoder).ranked_by(asking._ranking.weights)

    assert reopened.models.reranker is opinion
    assert _ids(reopened.search(Question(QUESTION)))[0] == "garden/bees:0-101"
    assert asking.with_models(NO_MODELS).search(Question(QUESTION)) == searcher.search(Question(QUESTION))
    assert searcher.models.reranker is None


def test_the_collection_that_answers_keeps_it_when_another_build_goes_live(folder: Path, root: Path) -> None:
    opinion = Opinion(len)
    live = Live(root, HashingEncoder, Models(reranker=opinion))
    assert live.current().searcher.models.reranker is opinion
    write_articles(folder, {"ivy.md": "Ivy."})
    build(folder, root, IDENTITY, load=HashingEncoder)
    live._following.acquire()
    live._follow()

    assert live.current().searcher.articles.by_id("ivy") is not None
    assert live.current().searcher.models.reranker is opinion


def _decided(answer: Answer) -> tuple[bool, float]:
    return answer.answered, answer.support


@pytest.mark.parametrize("opinion", OPINIONS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_whether_the_articles_answer_is_decided_without_it(
    searcher: Searcher, crowd: Searcher, question: str, opinion: Callable[[str], float]
) -> None:
    here = Section("the garden", frozenset({"garden/bees", "zh/tea"}))
    for searched in (searcher, crowd):
        asking = searched.with_models(Models(reranker=Opinion(opinion)))
        for k in (1, 2, 5):
            assert _decided(answer_to(asking, question, k)) == _decided(answer_to(searched, question, k))
            earlier = ["What feeds bees?"]
            asked_after, wanted = (answer_to(each, question, k, earlier) for each in (asking, searched))
            assert _decided(asked_after) == _decided(wanted)
            inside, wanted = (answer_to(each, question, k, section=here) for each in (asking, searched))
            assert _decided(inside) == _decided(wanted)


def test_an_answer_cites_in_its_order(searcher: Searcher) -> None:
    answer = answer_to(searcher.with_models(Models(reranker=Opinion(lambda text: -len(text)))), QUESTION, 2)

    assert answer.answered
    assert [citation.article for citation in answer.citations] == ["zh/tea", "moon"]


def test_no_ghost_is_cited_though_the_reranker_likes_it_best(tmp_path: Path) -> None:
    texts = {f"{n:02}.md": f"{n} ivy feeds bees{', very slowly' * (n == 17)}." for n in range(18)}
    searcher = _searcher(tmp_path, texts)
    opinion = Opinion(len)
    asking = searcher.with_models(Models(reranker=opinion))
    fused = _ids(searcher.search(Question("What does 3 ivy feed?"), 20))
    assert fused.index("17:0-31") > 5
    assert answer_to(asking, "What does 3 ivy feed?").citations[0].article == "17"

    (tmp_path / "many" / "17.md").write_text("Gone.", "utf-8")
    (tmp_path / "many" / f"{fused[1][:2]}.md").unlink()
    plain = answer_to(searcher, "What does 3 ivy feed?")
    answer = answer_to(asking, "What does 3 ivy feed?")
    cited = {citation.article for citation in (*answer.citations, *answer.closest)}
    assert cited & {"17", fused[1][:2]} == set()
    assert not any("slowly" in text for text in opinion.asked[-1][1])
    assert _decided(answer) == _decided(plain)


def test_a_ghost_behind_the_first_is_left_out_without_another_search(tmp_path: Path) -> None:
    asked: list[frozenset[str]] = []

    class Listening(Searcher):
        def fused(self, question, k=5, *, exclude=(), **options):  # type: ignore[no-untyped-def]
            asked.append(frozenset(exclude))
            return super().fused(question, k, exclude=exclude, **options)

    searcher = _searcher(tmp_path, {f"{n:02}.md": f"{n} ivy feeds bees." for n in range(18)})
    last = searcher.search(Question("What does 3 ivy feed?"), 18)[-1].passage
    (tmp_path / "many" / last.article.file).unlink()
    opinion = Opinion(lambda text: float(text == last.text))
    listening = Listening(searcher.store, searcher.encoder, Ranking(models=Models(reranker=opinion)))
    answer_to(listening, "What does 3 ivy feed?")

    assert asked == [frozenset()]
    assert [last.text in texts for _, texts in opinion.asked] == [False]


def test_a_question_is_read_by_it_once(searcher: Searcher, caplog: pytest.LogCaptureFixture) -> None:
    opinion = Opinion(len)
    with caplog.at_level(logging.INFO):
        answer_to(searcher.with_models(Models(reranker=opinion)), QUESTION)

    assert len(opinion.asked) == 1
    assert len(opinion.asked[0][1]) == len(ARTICLES) + 1
    assert QUESTION not in caplog.text
