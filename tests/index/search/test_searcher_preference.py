"""Articles that are preferred: they come before others that are nearly as good, and hide none."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.search.hits import Hit
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

ARTICLES = {
    "hr/leave": "Parental leave lasts 14 weeks.",
    "hr/travel": "Travel is paid by the department.",
    "it/laptops": "A laptop is replaced after four years.",
    "it/leave": "Parental leave lasts 16 weeks here.",
    "it/copy": "Parental leave lasts 14 weeks.",
    "plain": "The canteen opens at noon.",
}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("few")
    articles = {f"{name}.md": text for name, text in ARTICLES.items()}
    build(write_articles(folder / "articles", articles), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


def articles_of(hits: list[Hit]) -> list[str]:
    return [hit.passage.article.id for hit in hits]


QUESTION = "How many weeks does parental leave last here?"


def test_a_preferred_article_comes_before_one_that_is_nearly_as_good(tmp_path: Path) -> None:
    texts = {"a/x.md": "Ivy feeds bees in July.", "b/x.md": "Ivy feeds bees in June.", "c.md": "Basalt is dark."}
    build(write_articles(tmp_path / "articles", texts), tmp_path / "index", IDENTITY, load=HashingEncoder)
    searcher = searcher_of(tmp_path / "index")
    for preferred, order in ((["a/x"], ["a/x", "b/x", "c"]), (["b/x"], ["b/x", "a/x", "c"])):
        assert (
            articles_of(searcher.search(Question("What does ivy feed?"), boost=dict.fromkeys(preferred, 1.0))) == order
        )


def test_a_far_better_passage_elsewhere_still_comes_first(few: Searcher) -> None:
    for preferred in ("hr/travel", "it/laptops", "plain"):
        assert articles_of(few.search(Question(QUESTION), boost={preferred: 1.0}))[0] == "it/leave"


@pytest.mark.parametrize("weight", [0.25, 1])
def test_a_preference_adds_at_most_two_fifths_of_the_best_score_and_scales_to_one(weight: float, few: Searcher) -> None:
    before = {hit.passage.article.id: hit.score for hit in few.search(Question(QUESTION), 10)}
    boost = {"hr/leave": weight, "it/laptops": weight}
    after = {hit.passage.article.id: hit.score for hit in few.search(Question(QUESTION), 10, boost=boost)}
    bonus = 0.4 * max(before.values())
    expected = {name: (before[name] + bonus * boost.get(name, 0)) / (1 + bonus) for name in ("it/leave", "hr/leave")}
    assert {name: after[name] for name in expected} == pytest.approx(expected)


def test_the_heaviest_comes_first_among_alike_articles_however_many_there_are(tmp_path: Path) -> None:
    texts = {f"board/{day:03}.md": f"The port board met. It bought {day} buoys." for day in range(150)}
    build(write_articles(tmp_path / "articles", texts), tmp_path / "index", IDENTITY, load=HashingEncoder)
    boost = {f"board/{day:03}": 1 / (1 + abs(day - 140)) for day in range(120, 150)}
    found = articles_of(
        searcher_of(tmp_path / "index").search(Question("What did the port board buy?"), 2, boost=boost)
    )
    assert found[0] == "board/140"


@pytest.mark.parametrize("preferred", [["none"], list(ARTICLES), ["none", ""]])
def test_preferring_nothing_or_everything_changes_no_order(preferred: list[str], few: Searcher) -> None:
    assert articles_of(few.search(Question(QUESTION), 10, boost=dict.fromkeys(preferred, 1.0))) == articles_of(
        few.search(Question(QUESTION), 10)
    )


@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize(("preferred", "other"), [("hr/leave", "it/copy"), ("it/copy", "hr/leave")])
def test_a_copy_in_another_section_is_named_however_few_are_asked_for(
    preferred: str, other: str, k: int, few: Searcher
) -> None:
    hit = few.search(Question("Parental leave lasts 14 weeks."), k, boost={preferred: 1.0})[0]
    assert (hit.passage.article.id, hit.also_in) == (preferred, (other,))


def test_an_article_left_out_is_not_brought_back_by_preferring_it(few: Searcher) -> None:
    found = articles_of(few.search(Question(QUESTION), 10, exclude=["it/leave"], boost={"it/leave": 1.0}))
    assert found == articles_of(few.search(Question(QUESTION), 10, exclude=["it/leave"]))


@settings(max_examples=100)
@given(st.sampled_from([*ARTICLES.values(), QUESTION, "noon laptop"]), st.sets(st.sampled_from([*ARTICLES, "none"])))
def test_a_preference_ranks_and_never_hides(few: Searcher, question: str, preferred: set[str]) -> None:
    plain, hits = (
        few.search(Question(question), 10),
        few.search(Question(question), 10, boost=dict.fromkeys(preferred, 1.0)),
    )
    assert sorted(hit.passage.text for hit in hits) == sorted(hit.passage.text for hit in plain)
    for chosen in (True, False):  # neither the preferred nor the others change places among themselves
        ranked = [
            [hit.passage.text for hit in found if bool({hit.passage.article.id, *hit.also_in} & preferred) == chosen]
            for found in (plain, hits)
        ]
        assert ranked[0] == ranked[1]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_section_far_from_the_best_hundred_is_still_looked_at(tmp_path: Path) -> None:
    crowd = {f"crowd/{number:03}.md": f"Ivy feeds bees in garden {number}." for number in range(150)}
    texts = {**crowd, "aside/x.md": "Ivy is a plant that climbs on walls."}
    build(write_articles(tmp_path / "articles", texts), tmp_path / "index", IDENTITY, load=HashingEncoder)
    searcher = searcher_of(tmp_path / "index")
    question = "What does ivy feed in a garden?"
    assert "aside/x" not in articles_of(searcher.search(Question(question), 100))
    assert "aside/x" in articles_of(searcher.search(Question(question), 151, boost={"aside/x": 1.0}))
    assert articles_of(searcher.search(Question(question), 1, boost={"aside/x": 1.0}))[0].startswith("crowd/")
