"""Answers from a part of the articles: by filters, and by what the question itself names."""

import json

import pytest

from app.answering.sections import Section
from index.articles.filters import Filters
from index.errors import BadFilter
from index.search.searcher import Searcher
from tests.answers import answer_to
from tests.web import web_client

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
BEES = "What did Night Sky Notes or anybody write of bees in July?"


def shown(searcher: Searcher, question: str, filters: Filters) -> set[str]:
    answer = answer_to(searcher, question, 20, filters=filters)
    return {citation.article for citation in (*answer.citations, *answer.closest)}


@pytest.mark.parametrize(
    ("filters", "articles"),
    [
        (Filters(), {"moon", "garden/bees", "zh/tea"}),
        (Filters(since="2024"), {"moon"}),
        (Filters(until="2023"), {"garden/bees", "zh/tea"}),
        (Filters(publishers=("SPACE AGENCY",)), {"moon"}),
        (Filters(languages=("zh",)), {"zh/tea"}),
        (Filters(folders=("garden", "zh")), {"garden/bees", "zh/tea"}),
        (Filters(articles=("zh/tea", "moon")), {"moon", "zh/tea"}),
        (Filters(articles=("zh/tea",), since="2024"), set()),
    ],
)
def test_only_what_passes_is_shown(filters: Filters, articles: set[str], shared_searcher: Searcher) -> None:
    assert shown(shared_searcher, QUESTION, filters) == articles


def test_the_answer_names_its_filters_as_the_build_writes_them(shared_searcher: Searcher) -> None:
    filters = Filters(since="2024-06", publishers=("space  agency",), languages=("EN",))
    answer = answer_to(shared_searcher, QUESTION, filters=filters)
    assert answer.answered
    assert answer.to_json()["filters"] == {"since": "2024-06", "publishers": ["Space Agency"], "languages": ["en"]}
    assert answer.notes == ()


def test_filters_that_leave_nothing_give_an_honest_empty_answer(shared_searcher: Searcher) -> None:
    answer = answer_to(shared_searcher, QUESTION, filters=Filters(since="2024", folders=("garden",)))
    assert (answer.answered, answer.citations, answer.closest) == (False, (), ())
    assert answer.notes == ("filters_empty",)


def test_an_unknown_name_is_refused(shared_searcher: Searcher) -> None:
    with pytest.raises(BadFilter, match="no article has the language 'fr'"):
        answer_to(shared_searcher, QUESTION, filters=Filters(languages=("fr",)))


def test_what_a_question_names_is_put_first_and_told(shared_searcher: Searcher) -> None:
    answer = answer_to(shared_searcher, BEES)
    [preference] = answer.to_json()["preferences"]
    assert preference == {
        "key": "publisher:Night Sky Notes",
        "kind": "publisher",
        "value": "Night Sky Notes",
        "text": "Night Sky Notes",
    }
    shown = [c.article for c in (*answer.citations, *answer.closest)]
    ignored = answer_to(shared_searcher, BEES, ignore=["publisher:Night Sky Notes"])
    before = [c.article for c in (*ignored.citations, *ignored.closest)]
    assert ignored.preferences == ()
    assert shown.index("moon") < before.index("moon")
    assert set(shown) == set(before)


def test_a_section_and_what_is_named_are_both_preferred(shared_searcher: Searcher) -> None:
    section = Section("zh", frozenset({"zh/tea"}))
    named, both = (answer_to(shared_searcher, BEES, section=part) for part in (None, section))
    scores = [{c.article: c.score for c in (*answer.citations, *answer.closest)} for answer in (named, both)]
    assert scores[1]["zh/tea"] > scores[0]["zh/tea"]
    assert both.preferences == named.preferences


def test_history_can_be_ignored(shared_searcher: Searcher) -> None:
    earlier = [QUESTION]
    assert answer_to(shared_searcher, "And its seas?", earlier=earlier).history_used == (QUESTION,)
    assert answer_to(shared_searcher, "And its seas?", earlier=earlier, ignore=["history"]).history_used == ()


def test_the_interface_takes_filters_and_what_to_ignore(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    body = {"question": BEES, "filters": {"until": "2023", "folders": ["garden"]}, "ignore": ["publisher:Space Agency"]}
    answer = client.post("/api/ask", json=body).json()
    assert {c["article"] for c in (*answer["citations"], *answer["closest"])} == {"garden/bees"}
    assert answer["filters"] == {"until": "2023", "folders": ["garden"]}
    assert [preference["key"] for preference in answer["preferences"]] == ["publisher:Night Sky Notes"]
    body["ignore"] = ["publisher:Night Sky Notes"]
    assert client.post("/api/ask", json=body).json()["preferences"] == []


def test_a_name_with_what_nobody_sees_in_it_is_answered_in_the_build_s_own(shared_searcher: Searcher) -> None:
    body = json.dumps({"question": QUESTION, "filters": {"publishers": ["space \ud800 AGENCY"]}})
    response = web_client(shared_searcher).post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert response.json()["filters"] == {"publishers": ["Space Agency"]}


def test_what_can_be_filtered_by_is_listed(shared_searcher: Searcher) -> None:
    assert web_client(shared_searcher).get("/api/facets").json() == {
        "publishers": [
            {"name": "Garden Notes", "count": 2},
            {"name": "Night Sky Notes", "count": 1},
            {"name": "Space Agency", "count": 1},
        ],
        "languages": [{"name": "en", "count": 1}, {"name": "zh", "count": 1}],
        "folders": [{"name": "garden", "count": 1}, {"name": "zh", "count": 1}],
        "first": "2022",
        "last": "2024-06-25",
    }


def test_what_can_be_filtered_by_is_told_to_nobody_who_is_not_signed_in(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, USER_HEADER="X-Remote-User", TRUSTED_PROXIES="192.0.2.7")
    assert client.get("/api/facets").status_code == 401
    assert client.get("/api/facets", headers={"X-Remote-User": "ann"}).status_code == 200
