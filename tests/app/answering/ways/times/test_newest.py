"""Questions for the present or the original state: what is recognised, and the order of alike passages."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.ways.all import mentioned, reworded, telling
from app.answering.ways.way import Known
from index.articles.article import Article
from index.articles.facets import Facets
from index.search.searcher import Searcher
from index.stores.builds.build import build
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.keywords import keywords_of
from tests.stored import article, write_texts

TODAY = date(2026, 11, 29)


def known_of(articles: list[Article], folder: Path) -> Known:
    write_texts(articles, folder)
    catalogue = BuildCatalogue(folder)
    return Known(Facets.of(catalogue), catalogue, TODAY, keywords_of([["x"]]))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    articles = [article("a", "x", published="2024"), article("b", "x", published="2025")]
    return known_of(articles, tmp_path_factory.mktemp("newest"))


def value(question: str, known: Known) -> str:
    """The value that a question means, empty for none."""
    return next((mention.value for mention in mentioned(question, known) if mention.kind == "newest"), "")


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Who won the latest rowing cup?", "Who won the rowing cup?"),
        ("Latest budget of the town?", "budget of the town?"),
        ("Who is the current mayor?", "Who is the mayor?"),
        ("Current mayor of Port Linden?", "mayor of Port Linden?"),
        ("What does the pool currently cost?", "What does the pool cost?"),
        ("What is the newest figure?", "What is the figure?"),
        ("What is the most recent count of storks?", "What is the count of storks?"),
        ("Who was most recently elected?", "Who was elected?"),
        ("Who is mayor now?", "Who is mayor?"),
        ("How many people now live in Port Linden?", "How many people live in Port Linden?"),
        ("What is the fare as of now?", "What is the fare?"),
        ("How much is it nowadays?", "How much is it?"),
        ("When is the library open these days?", "When is the library open?"),
        ("Who runs the museum at present?", "Who runs the museum?"),
        ("Who runs the museum at the moment?", "Who runs the museum?"),
        ("Who is the present director of the museum?", "Who is the director of the museum?"),
        ("What is its present speed limit?", "What is its speed limit?"),
        ("How tall is the tallest crane today?", "How tall is the tallest crane?"),
        ("What is today's ferry fare?", "What is ferry fare?"),
        ("What is the up-to-date number?", "What is the number?"),
        ("Does the ferry still leave each hour?", "Does the ferry leave each hour?"),
        ("What does “Now” cost today?", "What does “Now” cost?"),
        ("Who edits the latest edition of the Latest News?", "Who edits the edition of the Latest News?"),
        ("WHO IS THE CURRENT MAYOR?", "WHO IS THE MAYOR?"),
        ("Who is mayor right now?", "Who is mayor?"),
        ("As it stands now, how long is the pier?", "how long is the pier?"),
        ("What is the fare in force?", "What is the fare?"),
        ("Who is the incumbent mayor?", "Who is the mayor?"),
        ("the updated fare of the ferry", "the fare of the ferry"),
        ("What's new on the ferry?", "on the ferry?"),
        ("How many storks were counted to date?", "How many storks were counted?"),
        ("新任市长是谁？", "市长是谁？"),
        ("票价仍然是两元吗？", "票价是两元吗？"),
        ("最新的预算是多少？", "预算是多少？"),
        ("目前的市长是谁？", "市长是谁？"),
        ("现在谁是市长？", "谁是市长？"),
        ("如今有多少居民？", "有多少居民？"),
    ],
)
def test_words_for_the_present_mean_the_newest_and_leave_the_question(question: str, rest: str, known: Known) -> None:
    assert value(question, known) == "newest"
    assert reworded(question, [each for each in mentioned(question, known) if each.kind == "newest"]) == rest


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What was the budget originally?", "What was the budget?"),
        ("What did the ticket initially cost?", "What did the ticket cost?"),
        ("Who was the first-ever mayor?", "Who was the mayor?"),
        ("What does the oldest report say of storks?", "What does the report say of storks?"),
        ("What was the original budget?", "What was the budget?"),
        ("最初的预算是多少？", "预算是多少？"),
        ("当初谁是馆长？", "谁是馆长？"),
        ("原来的票价是多少？", "票价是多少？"),
        ("What is the earliest recorded number of storks?", "What is the recorded number of storks?"),
        ("最早的票价是多少？", "票价是多少？"),
    ],
)
def test_words_for_the_beginning_mean_the_oldest_and_leave_the_question(question: str, rest: str, known: Known) -> None:
    assert value(question, known) == "oldest"
    assert reworded(question, mentioned(question, known)) == rest


@pytest.mark.parametrize(
    "question",
    [
        "Who edits the Latest News?",
        "Who prints China Today?",
        "Who wrote the song “Here and now”?",
        "Who wrote 'The latest thing'?",
        "《现在》是谁写的？",
        "By when must I apply at the latest?",
        "What is the latest date for an application?",
        "What current does the motor draw?",
        "What are the non-current assets?",
        "What are the current liabilities?",
        "How strong is the electric current in the wire?",
        "What is the current of the river?",
        "Who measured the ocean current near Gull Island?",
        "What does a current account cost?",
        "Is this alternating current?",
        "Who will present the report?",
        "Which present did the mayor get?",
        "What was the present for the mayor?",
        "Who was present at the fair?",
        "What is the aim of the present study?",
        "What are the rules from now on?",
        "What came up every now and then?",
        "Now, who is the mayor?",
        "What did the council decide today?",
        "What was the mayor doing when he was still a boy?",
        "Who bottles still water?",
        "Who painted the still life in the museum?",
        "How does the still in the cellar work?",
        "Why does the mill stand still?",
        "What is the previous question?",
        "Who gives first aid?",
        "How much was earned in the first quarter?",
        "Who fell in love at first sight?",
        "Who painted the original?",
        "What happened recently?",
        "这种病出现在哪里？",
        "优势体现在哪些方面？",
        "这个项目前景如何？",
        "他们应当前往哪里？",
        "I broke a lamp of the museum, what now?",
        "What is new in the five-year plan?",
        "When was the page last updated by the museum?",
        "How do I stay up to date?",
        "So far as I know, who owns the mill?",
        "Since when have the trial rules been in force?",
        "还有哪些城市？",
        "有多少家企业有仍然有效的专利",
        "你要茶还是咖啡？",
        "What was the fare originally, and what is it now?",  # both: no order is meant
    ],
)
def test_words_that_mean_something_else_are_no_mention(question: str, known: Known) -> None:
    assert value(question, known) == ""


def test_articles_of_one_date_have_no_chip(tmp_path: Path) -> None:
    known = known_of([article("a", "x", published="2024"), article("b", "x", published="2024")], tmp_path)
    assert telling(mentioned("Who is the current mayor?", known), known) == ()


BUDGETS = {
    "b2022.md": ("2022-12-01", "The town budget is 88 million crowns. Half of it goes to schools."),
    "b2023.md": ("2023-12-01", "The council passed a town budget of 91 million crowns. Half of it goes to schools."),
    "b2024.md": ("2024-12-01", "The town budget is 97 million crowns. Half of it goes to schools."),
    "undated.md": ("", "The town budget is 70 million crowns. Half of it goes to roads."),
    "fair.md": ("2025-06-01", "The town holds a fair in summer. The band plays at the lighthouse, and boats race."),
    "budget.md": ("2025-07-01", "Gull Island has a budget for its lighthouse. A keeper paints the lamp each spring."),
    "storks.md": ("2025-08-01", "Storks nest on the mill. Nobody may climb the roof while they breed."),
}


def searcher_for(folder: Path, articles: dict[str, tuple[str, str]], fields: dict[str, str] | None = None) -> Searcher:
    """The searcher of articles given as date and text, with further lines of front matter by name."""
    heads = {name: f"published: {day}\n{(fields or {}).get(name, '')}" for name, (day, _) in articles.items()}
    texts = {name: f"---\ntitle: News\n{heads[name]}\n---\n{text}\n" for name, (_, text) in articles.items()}
    build(write_articles(folder / "articles", texts), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


def names(searcher: Searcher, question: str, *ignore: str) -> list[str]:
    """The articles that answer a question, best first."""
    answer = answer_to(searcher, question, rule=ALWAYS, ignore=ignore, today=TODAY)
    return [citation.article for citation in answer.citations]


@pytest.fixture(scope="module")
def budgets(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_for(tmp_path_factory.mktemp("budgets"), BUDGETS)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is the latest town budget?", ["b2024", "b2023", "b2022", "undated"]),
        ("What is the town budget now?", ["b2024", "b2023", "b2022", "undated"]),
        ("What was the town budget originally?", ["b2022", "b2023", "b2024", "undated"]),
    ],
)
def test_alike_passages_come_in_order_of_their_dates_before_newer_ones_about_something_else(
    question: str, first: list[str], budgets: Searcher
) -> None:
    assert names(budgets, question)[:4] == first


def test_a_mention_that_is_taken_off_changes_no_order(budgets: Searcher) -> None:
    plain = names(budgets, "What is the town budget?")
    assert names(budgets, "What is the latest town budget?", "newest:newest")[:4] == plain[:4]
    answer = answer_to(budgets, "What is the latest town budget?", rule=ALWAYS, today=TODAY)
    assert [mention.key for mention in answer.preferences] == ["newest:newest"]


def test_superseded_and_expired_articles_come_after_alike_ones_and_say_so(tmp_path: Path) -> None:
    fields = {"b2024.md": "valid_until: 2025-12-31", "b2022.md": "supersedes: b2023"}
    searcher = searcher_for(tmp_path, BUDGETS, fields)
    answer = answer_to(searcher, "What is the latest town budget?", rule=ALWAYS, today=TODAY)
    assert [each.article for each in answer.citations][:4] == ["b2022", "undated", "b2024", "b2023"]
    by_name = {each.article: each for each in answer.citations}
    assert by_name["b2024"].expired == "2025-12-31"
    assert [link.article for link in by_name["b2023"].superseded_by] == ["b2022"]
    assert (by_name["b2022"].expired, by_name["b2022"].superseded_by) == ("", ())


def test_an_article_is_valid_until_the_end_of_its_last_day(tmp_path: Path) -> None:
    searcher = searcher_for(tmp_path, BUDGETS, {"b2024.md": "valid_until: 2026-11"})
    on_last_day = answer_to(searcher, "What is the latest town budget?", rule=ALWAYS, today=date(2026, 11, 30))
    after = answer_to(searcher, "What is the latest town budget?", rule=ALWAYS, today=date(2026, 12, 1))
    assert (on_last_day.citations[0].article, on_last_day.citations[0].expired) == ("b2024", "")
    assert after.citations[0].article == "b2023"


def test_a_value_that_may_have_changed_does_not_hide_the_newer_passage(tmp_path: Path) -> None:
    fares = {
        "old.md": ("2023-02-01", "The permit for the car park is 15 crowns a month. Pay at the desk."),
        "new.md": ("2025-02-01", "The permit for the car park now comes to 24 crowns a month. Pay at the desk."),
        "baths.md": ("2025-05-01", "The baths open at noon."),
    }
    searcher = searcher_for(tmp_path, fares)
    assert names(searcher, "Is the permit for the car park still 15 crowns a month?")[0] == "new"
    assert names(searcher, "Is the permit for the car park 15 crowns a month?")[0] == "old"
