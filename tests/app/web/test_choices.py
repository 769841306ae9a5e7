"""Choices of filters, for the page and over HTTP."""

from datetime import date

import pytest

from app.answering.collection import Collection
from app.answering.language import chosen
from app.web.choices import choices
from index.articles.filters import Filters
from index.search.searcher import Searcher
from tests.web import web_client


def test_values_have_the_names_that_people_read_and_periods_their_counts(shared_searcher: Searcher) -> None:
    found = choices(
        Collection.of(shared_searcher), chosen("en"), Filters(folders=("garden", "zh")), today=date(2023, 4, 3)
    )
    assert found == {
        "articles": 2,
        "publishers": [
            {"name": "Garden Notes", "label": "Garden Notes", "count": 2},
            {"name": "Night Sky Notes", "label": "Night Sky Notes", "count": 0},
            {"name": "Space Agency", "label": "Space Agency", "count": 0},
        ],
        "languages": [
            {"name": "zh", "label": "Chinese", "count": 1},
            {"name": "en", "label": "English", "count": 0},
        ],
        "folders": [
            {"name": "garden", "label": "garden", "count": 1},
            {"name": "zh", "label": "zh", "count": 1},
        ],
        "periods": [
            {"name": "week", "since": "2023-03-28", "until": "2023-04-03", "count": 1},
            {"name": "month", "since": "2023-04", "until": "2023-04", "count": 1},
            {"name": "year", "since": "2023", "until": "2023", "count": 1},
            {"name": "last_year", "since": "2022", "until": "2022", "count": 1},
        ],
        "more": [],
    }


@pytest.mark.parametrize(("code", "label"), [("en", "Chinese"), ("zh", "中文"), ("xx-unknown", "Chinese")])
def test_languages_are_named_in_the_reader_s(code: str, label: str, shared_searcher: Searcher) -> None:
    body = {"filters": {"publishers": ["Garden Notes"], "since": "2022", "until": "2022"}}
    counted = web_client(shared_searcher).post(f"/api/facets?language={code}", json=body).json()
    assert counted["articles"] == 1
    assert counted["languages"][0] == {"name": "zh", "label": label, "count": 1}


@pytest.mark.parametrize(
    ("code", "name"),
    [("zh-Hans", "Chinese (Simplified)"), ("EN", "English"), ("x-own", "x-own"), ("qqq", "qqq"), ("<b>", "<b>")],
)
def test_a_language_has_its_name_else_its_code(code: str, name: str) -> None:
    assert chosen("en").name(code) == name


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"filters": {"folders": ["none"]}}, "no article has the folder 'none'. Choose among others: garden; zh"),
        ({"filters": {"since": "soon"}}, "since 'soon' is no date. Give a year, month or day: 2025, 2025-01 or 2025-"),
        ({"filters": {"languages": ["en"] * 51}}, "51 languages are given; at most 50 are read. Leave some out"),
        ({"find": {"publishers": "a" * 201}}, "find.publishers: String should have at most 200 characters"),
        ({"find": {"languages": "e"}}, "find.languages: Extra inputs are not permitted"),
        ({"question": "Who?"}, "question: Extra inputs are not permitted"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(body: dict[str, object], told: str, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).post("/api/facets", json=body)
    assert response.status_code == 422
    assert response.json()["error"].startswith(told)


def test_values_are_found_by_name(shared_searcher: Searcher) -> None:
    body = {"find": {"publishers": "NIGHT", "folders": "gar"}}
    found = web_client(shared_searcher).post("/api/facets", json=body).json()
    assert [value["name"] for kind in ("publishers", "folders") for value in found[kind]] == [
        "Night Sky Notes",
        "garden",
    ]
