"""Why a passage was found: for each kind of mention, whether the passage is as it asks."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.ways.all import WAYS
from index.search.searcher import Searcher
from tests.hashing import searcher_of
from tests.web import web_client

TODAY = date(2025, 12, 5)
MAIL = "We met on Friday to plan the party in the yard. " * 6 + "What does a permit for the staff car park cost?"

# The kind, a question, an article that is as it asks, and one that is not.
CASES = [
    ("published", "visitors of the baths in November 2024", "notices/baths-2024-11", "notices/baths-2025-10"),
    ("published", "who was elected on 27 April 2022?", "people/staff-council-2022", "people/staff-council-2025"),
    ("published", "二〇二五年四月种了多少棵树？", "zh/planting-2025-04", "zh/parks-2022"),
    ("publisher", "bread, according to the Canteen", "goods/bread-rye", "goods/brillox"),
    ("acronym", "Does the OSP have to be asked about a dormer?", "offices/dormers", "goods/brillox"),
    ("acronym", "printer beside the elevator", "goods/printer-third", "goods/printer-first"),
    ("newest", "How many days a week can I work from home now?", "rules/home-working-2025", "rules/home-working-2024"),
    ("newest", "What did a permit for the car park cost originally?", "rules/car-park-2021", "rules/car-park-2024"),
    ("newest", "How many days a week can I work from home now?", "rules/home-working-2025", "notices/collection"),
    ("newest", "员工食堂现在几点开门？", "zh/canteen-2025", "zh/canteen-2023"),
    ("until", "As of 2022, who chairs the staff council?", "people/staff-council-2022", "people/staff-council-2025"),
    ("until", "As of May 2022, who heads the archive?", "people/archive-2022", "people/archive-2025"),
    ("until", "截至2024年，处长是谁？", "zh/parks-2022", "zh/parks-2025"),
    ("period", "visitors of the baths last month", "notices/baths-2025-11", "notices/baths-2025-10"),
    ("period", "今年食堂午餐多少钱", "zh/canteen-2025", "zh/canteen-2023"),
    ("news", "news of last month", "notices/collection", "notices/baths-2025-10"),
    ("news", "What was published in April 2022?", "people/staff-council-2022", "rules/home-working-2022"),
    ("event", "What happened on 30 September 2024?", "notices/flood-aid", "notices/baths-2025-10"),
    ("less", "paint for walls without solvents", "goods/paint-water", "goods/paint-lack"),
    ("less", "盒饭 不包括辣椒", "goods/box-fish", "zh/box-spicy"),
    ("phrase", '"no film on linoleum"', "goods/softal", "goods/brillox"),
    ("without", "floor cleaner -chlorine", "goods/softal", "goods/brillox"),
    ("without", "洗手液 -酒精", "zh/handwash-mild", "zh/handwash-alcohol"),
]
UNSEEN = {
    "pasted",
    "extreme",
    "why",
    "unit",
    "definition",
    "comparison",
    "value",
}  # say how a question is read, and nothing of passages


@pytest.fixture(scope="module")
def searcher(ways_root: Path) -> Searcher:
    return searcher_of(ways_root)


@pytest.fixture(scope="module")
def collection(searcher: Searcher) -> Collection:
    return Collection.of(searcher)


def first_passage(collection: Collection, article: str) -> tuple[str, int, int]:
    encoded = next(each for each in collection.searcher.store.encoded() if each.article.id == article)
    return article, *encoded.chunks[0].span


def fits(collection: Collection, question: str, article: str, *earlier: str) -> dict[str, bool]:
    place = first_passage(collection, article)
    found = collection.explain(question_after(question, earlier), *place, today=TODAY)[1]
    return {mention.kind: fitting for mention, fitting in found}


@pytest.mark.parametrize(("kind", "question", "right", "wrong"), CASES)
def test_a_passage_fits_where_it_is_as_the_mention_asks(
    kind: str, question: str, right: str, wrong: str, collection: Collection
) -> None:
    assert fits(collection, question, right)[kind] is True
    assert fits(collection, question, wrong)[kind] is False


def test_every_kind_that_asks_something_of_passages_is_tried() -> None:
    assert {kind for kind, *_ in CASES} == WAYS.keys() - UNSEEN


@pytest.mark.parametrize(
    "question", [MAIL, "Why must Brillox never be mixed?", "What is Brillox?", "Compare Brillox and Softal"]
)
def test_what_asks_nothing_of_passages_is_not_explained(question: str, collection: Collection) -> None:
    assert fits(collection, question, "goods/brillox") == {}


def test_a_follow_up_is_explained_by_what_the_question_before_it_asks(collection: Collection) -> None:
    assert fits(collection, "What does it smell of?", "goods/brillox", "floor cleaner -chlorine") == {"without": False}


def test_the_interface_tells_whether_a_passage_fits_and_leaves_out_what_is_ignored(
    searcher: Searcher, collection: Collection
) -> None:
    article, start, end = first_passage(collection, "rules/home-working-2025")
    body = {
        "question": "How many days a week can I work from home now? -bees",
        "article": article,
        "start": start,
        "end": end,
    }
    answer = web_client(searcher).post("/api/why", json=body).json()
    assert answer["preferences"] == [
        {"key": "newest:newest", "kind": "newest", "value": "newest", "text": "now", "fits": True},
        {"key": "without:bees", "kind": "without", "value": "bees", "text": "-bees", "fits": True},
    ]
    ignoring = web_client(searcher).post("/api/why", json={**body, "ignore": ["newest:newest"]}).json()
    assert [each["kind"] for each in ignoring["preferences"]] == ["without"]
