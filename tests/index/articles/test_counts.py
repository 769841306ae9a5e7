"""Counts of values under the filters of the other kinds."""

from pathlib import Path

import pytest

from index.articles.counts import Counter, Counts
from index.articles.facets import MOST_PUBLISHERS, Facets
from index.articles.filters import EVERYTHING, Filters, period
from index.errors import BadFilter
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.index.articles.test_facets import ARTICLES, article
from tests.stored import write_texts


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> BuildCatalogue:
    folder = tmp_path_factory.mktemp("counts")
    write_texts(ARTICLES, folder)
    return BuildCatalogue(folder)


def counts(catalogue: BuildCatalogue, filters: Filters = EVERYTHING, **sought: str) -> Counts:
    return Counter(Facets.of(catalogue), catalogue, filters).counts(sought)


def test_without_filters_the_counts_are_those_of_the_facets(catalogue: BuildCatalogue) -> None:
    facets = Facets.of(catalogue).to_json()
    everything = counts(catalogue)
    assert everything.passing == 5
    for kind, values in everything.values.items():
        assert [{"name": name, "count": count} for name, count in values] == facets[kind]


def test_a_value_is_counted_under_the_filters_of_the_other_kinds_and_chosen_ones_come_first(
    catalogue: BuildCatalogue,
) -> None:
    chosen = counts(catalogue, Filters(publishers=("cgtn",), folders=("news/2024",)))
    assert chosen.passing == 1
    assert chosen.values == {
        "publishers": [("CGTN", 1), ("Xinhua", 2), ("Global Times", 1), ("People’s Daily", 0)],
        "languages": [("en", 1), ("zh", 0), ("en-GB", 0), ("zh-Hans", 0)],
        "folders": [("news", 1), ("news/2024", 1)],
    }


def test_dates_count_as_a_kind_of_their_own(catalogue: BuildCatalogue) -> None:
    counter = Counter(Facets.of(catalogue), catalogue, Filters(since="2025", languages=("zh",)))
    assert counter.counts().passing == 1
    assert counter.counts().values["folders"] == [("news", 1), ("news/2024", 0)]
    assert [counter.within(*period(year)) for year in ("2023", "2024", "2025")] == [0, 1, 1]


def test_values_are_found_by_any_part_of_their_names_folders_with_those_around_them(catalogue: BuildCatalogue) -> None:
    found = counts(catalogue, publishers="PEOPLE'S d", folders="2024").values
    assert found["publishers"] == [("People’s Daily", 1)]
    assert found["folders"] == [("news", 3), ("news/2024", 2)]
    assert len(found["languages"]) == 4


def test_of_more_values_than_are_listed_the_others_are_found_by_name_and_listed_when_chosen(tmp_path: Path) -> None:
    write_texts([article(f"{n:03}", f"Págs {n:03}") for n in range(MOST_PUBLISHERS + 5)], tmp_path)
    many = BuildCatalogue(tmp_path)
    assert [len(values) for values in counts(many).values.values()] == [MOST_PUBLISHERS, 0, 0]
    assert counts(many, publishers="pags 204").values["publishers"] == [("Págs 204", 1)]
    chosen = counts(many, Filters(publishers=("Págs 204",))).values["publishers"]
    assert (len(chosen), chosen[0], chosen[1]) == (MOST_PUBLISHERS + 1, ("Págs 204", 1), ("Págs 000", 1))


def test_an_unknown_name_is_refused_as_in_a_search(catalogue: BuildCatalogue) -> None:
    with pytest.raises(BadFilter, match="no article has the publisher 'Nobody'"):
        counts(catalogue, Filters(publishers=("Nobody",)))
