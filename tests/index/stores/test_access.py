"""Who sees what of a store, whichever kind it is: what is hidden is as if it were not there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.filters import Filters
from index.errors import BadFilter, NoPassage
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.search.store import Store
from index.stores.address import open_location
from tests.access import HIDDEN, OPEN, SEES, built
from tests.hashing import IDENTITY, HashingEncoder
from tests.postgres import Server

PAY_QUESTION = "By how many percent do salaries rise?"
SPAN = ("hr/pay", 0, 88)


@pytest.fixture(scope="module", params=["builds", pytest.param("database", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of each kind with articles for different groups."""
    build = open_location(built(tmp_path_factory.mktemp("access"), {**OPEN, **HIDDEN})).open()
    if request.param == "builds":
        return build
    server: Server = request.getfixturevalue("postgres")
    database = open_location(server.database())
    database.replace(build.encoded(), build.manifest)
    return database.open()


@pytest.fixture(scope="module")
def searcher(store: Store) -> Searcher:
    return Searcher(store, HashingEncoder(IDENTITY))


def seen(store: Store, *groups: str) -> Store:
    return store.seen_by(frozenset(groups))


@pytest.mark.parametrize("group", SEES)
def test_a_group_sees_its_own_articles_and_those_for_everyone(group: str, store: Store) -> None:
    articles = seen(store, group).articles
    assert {entry.id for entry in articles.entries()} == SEES[group]
    assert len(articles) == len(SEES[group])
    for name in ("hr/pay", "hr/moon", "legal/case", "nobody/draft", "open/moon", "none"):
        assert (articles.by_id(name) is not None) == (articles.row(name) is not None) == (name in SEES[group])
    every = [row for name in SEES["hr"] if (row := store.articles.row(name)) is not None]
    assert {name for _, name in articles.ids(every)} == SEES["hr"] & SEES[group]


def test_who_has_no_group_sees_nothing(store: Store, searcher: Searcher) -> None:
    nothing = seen(store)
    assert (len(nothing.articles), list(nothing.articles.entries())) == (0, [])
    assert nothing.facets.to_json() == {"publishers": [], "languages": [], "folders": [], "first": "", "last": ""}
    assert searcher.seen_by(frozenset()).search(Question(PAY_QUESTION)) == []


def test_without_groups_asked_for_all_is_seen(store: Store, searcher: Searcher) -> None:
    assert len(store.articles) == 6
    assert searcher.search(Question(PAY_QUESTION))[0].passage.article.groups == ("hr",)


@settings(max_examples=60)
@given(
    st.frozensets(st.sampled_from([*SEES, "h", "hr "])),
    st.sampled_from([PAY_QUESTION, "Is lunar soil dry?", "What did the court hear of flowers, and who earns most?"]),
)
def test_no_search_ever_gives_what_the_groups_may_not_see(
    searcher: Searcher, groups: frozenset[str], question: str
) -> None:
    allowed = set().union(*(SEES.get(group, SEES["sales"]) for group in groups))
    hits = searcher.seen_by(groups).search(Question(question), 20, boost={"hr/pay": 1.0, "nobody/draft": 1.0})
    given = {hit.passage.article.id for hit in hits} | {name for hit in hits for name in hit.also_in}
    assert given == allowed


def test_a_copy_is_named_only_to_who_may_see_it(searcher: Searcher) -> None:
    def copies(group: str) -> list[tuple[str, tuple[str, ...]]]:
        hits = searcher.seen_by(frozenset([group])).search(Question("Is lunar soil dry?"), 1)
        return [(hit.passage.article.id, hit.also_in) for hit in hits]

    assert copies("hr") == [("open/moon", ("hr/moon",))]
    assert copies("sales") == [("open/moon", ())]


def test_facets_and_filters_know_only_what_is_seen(store: Store) -> None:
    facets = seen(store, "board").facets
    assert [value["name"] for value in facets.to_json()["publishers"]] == [
        "Garden Notes",
        "Night Sky Notes",
        "Payroll Office",
    ]
    hidden = seen(store, "sales").facets
    assert [value["name"] for value in hidden.to_json()["folders"]] == ["open"]
    with pytest.raises(BadFilter) as caught:
        hidden.resolved(Filters(publishers=("Payroll Office",)))
    assert str(caught.value) == (
        "no article has the publisher 'Payroll Office'. Choose among others: Garden Notes; Night Sky Notes"
    )


def test_a_filter_narrows_what_is_seen_and_opens_nothing(searcher: Searcher) -> None:
    def found(group: str, filters: Filters) -> list[str]:
        hits = searcher.seen_by(frozenset([group])).search(Question("salaries and flowers"), 20, filters=filters)
        return sorted(hit.passage.article.id for hit in hits)

    assert found("legal", Filters(since="2024")) == ["legal/case", "open/bees", "open/moon"]
    assert found("legal", Filters(folders=("legal",))) == ["legal/case"]
    assert found("sales", Filters(since="2024")) == ["open/bees", "open/moon"]
    assert found("legal", Filters(articles=("legal/case",))) == ["legal/case"]
    with pytest.raises(BadFilter, match=r"^there is no article 'legal/case'\. Leave it out$"):
        found("sales", Filters(articles=("legal/case",)))


def test_a_hidden_passage_is_explained_as_one_that_never_was(searcher: Searcher) -> None:
    article, start, end = SPAN
    assert searcher.seen_by(frozenset(["hr"])).explain(Question(PAY_QUESTION), *SPAN).words
    for name in (article, "hr/none"):
        with pytest.raises(NoPassage) as caught:
            searcher.seen_by(frozenset(["sales"])).explain(Question(PAY_QUESTION), name, start, end)
        assert str(caught.value) == f"{name!r} has no passage 0-88 in the build that is live. Ask again"


def test_a_word_that_only_hidden_articles_have_is_no_word(store: Store, searcher: Searcher) -> None:
    words = ["quarkonium", "zanzibar", "flower", "nowher"]
    assert set(store.vocabulary.document_frequencies(words)) == {"quarkonium", "zanzibar", "flower"}
    assert set(seen(store, "hr").vocabulary.document_frequencies(words)) == {"quarkonium", "zanzibar", "flower"}
    assert dict(seen(store, "sales").vocabulary.document_frequencies(words)) == {
        "flower": 2
    }  # counted in all, which is told

    told = searcher.seen_by(frozenset(["sales"]))
    assert searcher.seen_by(frozenset(["hr"])).reading(Question("quarkonum")).respelled == {"quarkonum": "quarkonium"}
    assert told.reading(Question("quarkonum")) == told.reading(Question("nowherium"))
    assert told.reading(Question("quarkonium")) == told.reading(Question("nowherium"))


def test_a_hidden_word_takes_no_suggestion_from_one_that_is_as_near(searcher: Searcher) -> None:
    assert searcher.reading(Question("flewers")).respelled == {}
    assert searcher.seen_by(frozenset(["sales"])).reading(Question("flewers")).respelled == {"flewer": "flower"}


def test_who_is_asked_about_twice_sees_what_both_may_see(store: Store) -> None:
    both = store.seen_by(frozenset(["hr"])).seen_by(frozenset(["legal"]))
    assert {entry.id for entry in both.articles.entries()} == SEES["sales"]
