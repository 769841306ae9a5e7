"""Facets that a build's articles can be filtered by, and which pass."""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.article import Article, Block, Source
from index.articles.facets import MOST_PUBLISHERS, Facets
from index.articles.filters import Filters, folded, period
from index.errors import BadFilter
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.stored import write_texts


def article(name: str, publisher: str = "", published: str = "", language: str = "", *sources: Source) -> Article:
    return Article(name, name, "x", (Block("paragraph", 0, 1),), "", publisher, published, "", sources, language)


ARTICLES = [
    article("news/2024/a", "Xinhua", "2024-05-01", "zh-Hans", Source("s", "Global Times", "2024-04-30")),
    article("news/2024/b", "CGTN", "2024-05", "en", Source("s", "XINHUA"), Source("s", "xinhua", "2023")),
    article("news/c", "Xinhua", "2025", "zh"),
    article("newsletter", "People’s Daily", "2024-06-30", "en-GB", Source("s", date="2022-12")),
    article("old", language="en"),
]
NAMES = [entry.id for entry in ARTICLES]


def facets_of(articles: list[Article], folder: Path) -> Facets:
    write_texts(articles, folder)
    return Facets.of(BuildCatalogue(folder))


@pytest.fixture(scope="module")
def facets(tmp_path_factory: pytest.TempPathFactory) -> Facets:
    return facets_of(ARTICLES, tmp_path_factory.mktemp("facets"))


def passing(facets: Facets, filters: Filters) -> str:
    return " ".join(name for name, passes in zip(NAMES, facets.passing(filters), strict=True) if passes)


def test_values_are_counted_most_frequent_first_as_they_were_first_written(facets: Facets) -> None:
    assert facets.to_json() == {
        "publishers": [
            {"name": "Xinhua", "count": 3},
            {"name": "CGTN", "count": 1},
            {"name": "Global Times", "count": 1},
            {"name": "People’s Daily", "count": 1},
        ],
        "languages": [
            {"name": "en", "count": 3},
            {"name": "zh", "count": 2},
            {"name": "en-GB", "count": 1},
            {"name": "zh-Hans", "count": 1},
        ],
        "folders": [{"name": "news", "count": 3}, {"name": "news/2024", "count": 2}],
        "first": "2024-05-01",
        "last": "2025",
    }


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), "news/2024/a news/2024/b news/c newsletter old"),
        (Filters(publishers=("xinhua",)), "news/2024/a news/2024/b news/c"),
        (Filters(publishers=("Global  times", "PEOPLE'S DAILY")), "news/2024/a newsletter"),
        (Filters(languages=("en",)), "news/2024/b newsletter old"),
        (Filters(languages=("ZH-hans",)), "news/2024/a"),
        (Filters(folders=("news",)), "news/2024/a news/2024/b news/c"),
        (Filters(folders=("/news/2024/",)), "news/2024/a news/2024/b"),
        (Filters(folders=("news",), languages=("zh",), publishers=("Global Times", "CGTN")), "news/2024/a"),
        (Filters(folders=("news/2024",), since="2025"), ""),
        (Filters(since="2024-05-01", until="2024-05-01"), "news/2024/a news/2024/b"),
        (Filters(since="2024-05-02"), "news/2024/b news/c newsletter"),
        (Filters(since="2024-06"), "news/c newsletter"),
        (Filters(until="2024-04"), ""),
        (Filters(until="2024"), "news/2024/a news/2024/b newsletter"),
        (Filters(since="2025-07-01", until="2025-07-02"), "news/c"),
        (Filters(since="2026"), ""),
    ],
)
def test_an_article_passes_that_meets_every_filter_by_any_value_of_it(
    filters: Filters, names: str, facets: Facets
) -> None:
    assert passing(facets, filters) == names


def test_dates_of_sources_do_not_count(facets: Facets) -> None:
    assert facets.within(period("2022-12")[0], period("2023")[1]).tolist() == [False] * 5


@pytest.mark.parametrize(
    ("filters", "message", "kind"),
    [
        (
            Filters(publishers=("Xinua",)),
            "no article has the publisher 'Xinua'. Choose among others: Xinhua",
            "publisher",
        ),
        (
            Filters(publishers=("CGTN", "times")),
            "no article has the publisher 'times'. Choose among others: Global Times",
            "publisher",
        ),
        (
            Filters(languages=("fr",)),
            "no article has the language 'fr'. Choose among others: en; zh; en-GB; zh-Hans",
            "language",
        ),
        (Filters(folders=("new",)), "no article has the folder 'new'. Choose among others: news; news/2024", "folder"),
        (Filters(folders=("old",)), "no article has the folder 'old'. Choose among others: news; news/2024", "folder"),
        (Filters(folders=("/",)), "no article has the folder '/'. Choose among others: news; news/2024", "folder"),
        (
            Filters(publishers=("",)),
            "no article has the publisher ''. Choose among others: Xinhua; CGTN; Global Times; People’s Daily",
            "publisher",
        ),
    ],
)
def test_an_unknown_name_is_told_with_near_ones_else_the_most_frequent(
    filters: Filters, message: str, kind: str, facets: Facets
) -> None:
    for checked in (facets.passing, facets.resolved):
        with pytest.raises(BadFilter) as error:
            checked(filters)
        assert str(error.value) == message
        assert error.value.kind == f"filter_{kind}"
        assert error.value.values["names"] == message.partition("others: ")[2]


def test_where_nobody_is_named_no_other_name_is_offered(tmp_path: Path) -> None:
    plain = facets_of([ARTICLES[4]], tmp_path)
    assert plain.to_json() == {
        "publishers": [],
        "languages": [{"name": "en", "count": 1}],
        "folders": [],
        "first": "",
        "last": "",
    }
    with pytest.raises(BadFilter, match=f"^no article has the publisher '{'x' * 40}'. Choose among others: –$"):
        plain.passing(Filters(publishers=("x" * 100_000,)))


def test_resolved_filters_are_written_as_the_build_writes_them(facets: Facets) -> None:
    given_ones = Filters("2024", "2025", (" xin\ud800HUA",), ("EN",), ("News/",))
    assert facets.resolved(given_ones) == Filters("2024", "2025", ("Xinhua",), ("en",), ("news",))


def test_the_list_of_publishers_is_bounded_and_the_filter_is_not(tmp_path: Path) -> None:
    many = facets_of([article(f"{n:03}", f"P{n:03}") for n in range(MOST_PUBLISHERS + 5)], tmp_path)
    listed = [value["name"] for value in many.to_json()["publishers"]]
    assert (len(listed), listed[0], listed[-1]) == (200, "P000", "P199")
    assert many.passing(Filters(publishers=("p204",))).nonzero()[0].tolist() == [204]


_names = st.text(string.ascii_letters + "’'éß 新", min_size=1, max_size=3)


@settings(max_examples=80)
@given(st.lists(st.tuples(_names, st.lists(_names, max_size=2)), min_size=1, max_size=6))
def test_every_publisher_there_is_finds_exactly_its_articles(
    tmp_path_factory: pytest.TempPathFactory, named: list[tuple[str, list[str]]]
) -> None:
    articles = [
        article(f"a{n}", own, "", "", *(Source("s", name) for name in others)) for n, (own, others) in enumerate(named)
    ]
    facets = facets_of(articles, tmp_path_factory.mktemp("any"))
    for wanted in {name for own, others in named for name in (own, *others) if folded(name)}:
        found = facets.passing(Filters(publishers=(wanted,))).tolist()
        assert found == [folded(wanted) in map(folded, (own, *others)) for own, others in named]
