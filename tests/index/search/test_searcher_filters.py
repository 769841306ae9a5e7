"""Filters narrow a search before anything is ranked, so that few articles of many are still found."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import Scores
from index.articles.article import Article, Block
from index.articles.filters import EVERYTHING, Filters, period
from index.errors import BadFilter
from index.reading.folder import Folder
from index.reading.loader import Reading
from index.search.hits import Hit
from index.search.questions.query import encode_queries
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.search.store import Candidates, Scope
from index.stores.builds.build import build
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

MANY, FEW = 6_000, 60
NEEDLES = {1, 2_654, 5_999}
PLANTS = "ivy oak elm ash fir yew".split()
QUESTION = "What do gardeners say feeds bees?"


def article(number: int) -> Article:
    """One sentence that the question shares its words with; a needle shares none."""
    rare = number in NEEDLES
    text = f"Basalt {number} is dry." if rare else f"Gardeners say {PLANTS[number % 6]} {number} feeds bees."
    return Article(
        id=f"f{number % 7}/g{number % 2}/{number:05}",
        title=f"Article {number}",
        text=text,
        blocks=(Block("paragraph", 0, len(text)),),
        sha256=f"{number:064}",
        publisher="Rare Rocks" if rare else f"Paper {number % 5}",
        published=(date(2000, 1, 1) + timedelta(days=number % 5_000)).isoformat()[: 4 + 3 * (number % 3)],
        language="en" if number % 3 else "zh",
    )


def searcher_over(count: int, folder: Path) -> Searcher:
    articles = sorted((article(number) for number in range(count)), key=lambda a: a.id)
    contents = Folder([Reading(each, "", len(each.text)) for each in articles])
    build(folder, folder / "index", IDENTITY, load=HashingEncoder, contents=contents)
    return searcher_of(folder / "index")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_over(MANY, tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_over(FEW, tmp_path_factory.mktemp("few"))


def numbers(hits: list[Hit]) -> set[int]:
    return {int(hit.passage.article.id.rpartition("/")[2]) for hit in hits}


def passes(number: int, filters: Filters) -> bool:
    """What a filter means, said once more without any index."""
    own = article(number)
    first, last = period(own.published)
    return (
        (not filters.since or last >= period(filters.since)[0])
        and (not filters.until or first <= period(filters.until)[1])
        and (not filters.publishers or own.publisher in filters.publishers)
        and (not filters.languages or own.language in filters.languages)
        and (not filters.folders or any(own.id.startswith(f"{folder}/") for folder in filters.folders))
    )


@pytest.mark.slow
def test_three_articles_of_six_thousand_are_found_though_they_share_no_word(many: Searcher) -> None:
    assert not numbers(many.search(Question(QUESTION), 100)) & NEEDLES
    assert numbers(many.search(Question(QUESTION), 5, filters=Filters(publishers=("rare rocks",)))) == NEEDLES


@pytest.mark.slow
@pytest.mark.parametrize(
    "filters",
    [
        Filters("2004-02-03", "2004-02-03", languages=("en",), folders=("f1",)),
        Filters(folders=("f0/g0",), until="2000-01"),
        Filters(since="2013-09", publishers=("Paper 3",), folders=("f2", "f3/g1")),
    ],
)
def test_every_passing_article_of_many_is_found(filters: Filters, many: Searcher) -> None:
    expected = {number for number in range(MANY) if passes(number, filters)}
    assert 0 < len(expected) < 100
    assert numbers(many.search(Question(QUESTION), 100, filters=filters)) == expected


@pytest.mark.slow
@pytest.mark.parametrize("filters", [Filters(folders=("f3",)), Filters(since="2010", languages=("zh",)), EVERYTHING])
def test_both_legs_find_what_an_exact_scan_of_the_rest_finds(filters: Filters, many: Searcher) -> None:
    [view] = encode_queries([QUESTION], many.store.vocabulary, many.encoder, {})
    found = many.store.candidates([view], 50, Scope(filters))
    every = many.store.candidates([view], MANY + 1, Scope(filters))

    assert every.complete
    for scores, best in zip(_signals(found), _signals(every), strict=True):
        assert np.sort(scores)[::-1][:50] == pytest.approx(np.sort(best)[::-1][:50], abs=1e-6)
    named, passing = (_numbers(each) for each in (found, every))
    assert named <= passing == {number for number in range(MANY) if passes(number, filters)}


def _signals(found: Candidates) -> Iterator[Scores]:
    yield from (found.signals[0].passages, found.signals[0].bm25)


def _numbers(found: Candidates) -> set[int]:
    passages = (passage for _, passage in found.passages(range(len(found))))
    return {int(passage.article.id.rpartition("/")[2]) for passage in passages}


_dates = st.sampled_from(["", "2000", "2000-01", "2000-02", "2000-01-05", "2000-02-20", "1999", "2001"])
_filters = st.tuples(
    _dates,
    _dates,
    st.lists(st.sampled_from(["Paper 0", "Paper 3", "Rare Rocks"]), max_size=2),
    st.lists(st.sampled_from(["en", "zh"]), max_size=1),
    st.lists(st.sampled_from(["f1", "f2/g0", "f2/g1"]), max_size=2),
)


@settings(max_examples=150)
@given(_filters, st.sampled_from([QUESTION, "basalt", "ivy 12"]), st.booleans())
def test_a_filtered_search_finds_exactly_what_passes(
    few: Searcher,
    given_ones: tuple[str, str, list[str], list[str], list[str]],
    question: str,
    hidden: bool,
) -> None:
    since, until, *names = given_ones
    if since and until and period(since)[0] > period(until)[1]:
        since, until = until, since
    filters = Filters(since, until, *map(tuple, names))
    without = [article(number).id for number in range(0, FEW, 4)] if hidden else []
    hits = few.search(Question(question), FEW, filters=filters, exclude=without)
    assert numbers(hits) == {n for n in range(FEW) if passes(n, filters) and not (hidden and n % 4 == 0)}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_preferring_what_a_filter_leaves_out_does_not_bring_it_back(few: Searcher) -> None:
    filters = Filters(folders=("f1",))
    plain = few.search(Question(QUESTION), FEW, filters=filters)
    with_preference = few.search(Question(QUESTION), FEW, filters=filters, boost={article(2).id: 1.0})
    assert numbers(plain) == set(range(1, FEW, 7))
    assert [hit.passage for hit in with_preference] == [hit.passage for hit in plain]


def test_an_unknown_name_is_refused_rather_than_finding_nothing(few: Searcher) -> None:
    with pytest.raises(BadFilter, match=r"folder 'f8'\. Choose among others: f0; f1; f2; f3; f4$"):
        few.search(Question(QUESTION), filters=Filters(folders=("f8",)))
