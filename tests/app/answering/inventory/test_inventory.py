"""Questions about the collection, answered from the index."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.inventory.listing import Listing, Topic
from index.articles.filters import Filters
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.access import HIDDEN, OPEN, SEES, built
from tests.answers import answer_to
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

COUNT = 23


def _article(title: str, published: str, text: str, publisher: str = "Harbour News") -> str:
    date = f'published: "{published}"\n' if published else ""
    return f'---\ntitle: "{title}"\npublisher: "{publisher}"\n{date}---\n{text}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    articles = {
        "shops/a.md": _article("A", "2025-01-03", "The street was full. The baker opened a green shop."),
        "shops/b.md": _article("B", "2026-11-27", "The baker closed his shop. The door is green, the shop was not."),
        "c.md": _article("C", "2026", "A smith works here. Nobody bakes.", "Xinhua"),
        "d.md": _article("Baker Street", "", "A street in a town."),
    }
    notes = {f"notes/n{number:02}.md": _article(f"N{number}", "", f"Oak {number}.") for number in range(COUNT - 4)}
    return write_articles(tmp_path_factory.mktemp("inventory") / "articles", articles | notes)


@pytest.fixture(scope="module")
def searcher(folder: Path) -> Searcher:
    build(folder, folder.parent / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder.parent / "index")


def listing_of(answer: Answer) -> Listing:
    assert answer.listing is not None
    return answer.listing


def names(answer: Answer) -> list[str]:
    return [article.article for article in listing_of(answer).articles]


def test_the_newest_article_is_cited_with_its_first_sentence(searcher: Searcher) -> None:
    answer = answer_to(searcher, "What is the newest article?", base="/ask")
    assert (answer.verdict, listing_of(answer).kind) == ("answer", "newest")
    assert listing_of(answer).text == "The newest article is “B” (November 27, 2026)."
    assert [citation.article for citation in answer.citations] == ["shops/b", "c", "shops/a"]
    assert (answer.citations[0].quote, answer.citations[0].start) == ("The baker closed his shop.", 0)
    assert answer.citations[0].link.startswith("/ask/articles/shops/b?start=0&end=26&mark=0-26&cited=")
    assert names(answer_to(searcher, "最早的文章是哪篇？")) == ["shops/a", "c", "shops/b"]


def test_articles_that_mention_a_subject_are_counted_exactly(searcher: Searcher) -> None:
    answer = answer_to(searcher, "How many articles mention the baker?")
    listing = listing_of(answer)
    assert (listing.kind, listing.total, listing.order) == ("count", 3, "relevance")
    assert listing.text == "3 articles mention “the baker”."
    quotes = {article.article: article.quote for article in listing.articles}
    assert quotes == {
        "shops/a": "The baker opened a green shop.",
        "shops/b": "The baker closed his shop.",
        "d": "A street in a town.",
    }
    assert [mention.key for mention in answer.preferences] == ["listing:count"]


def test_a_subject_that_nothing_mentions_is_said_to_be_mentioned_by_none(searcher: Searcher) -> None:
    answer = answer_to(searcher, "Which articles mention unicorns?")
    assert (answer.verdict, answer.citations, answer.closest) == ("none", (), ())
    assert (listing_of(answer).total, listing_of(answer).text) == (0, "No article mentions “unicorns”.")
    assert listing_of(answer_to(searcher, "有多少篇文章提到量子？")).text == "没有文章提到“量子”。"


def test_words_in_quotation_marks_must_stand_together(searcher: Searcher) -> None:
    assert sorted(names(answer_to(searcher, "articles that mention green shop"))) == ["shops/a", "shops/b"]
    assert names(answer_to(searcher, 'articles that mention "Green  shop"')) == ["shops/a"]
    assert names(answer_to(searcher, 'articles that mention "green sho"')) == []


def test_dates_publishers_and_filters_restrict_a_list(searcher: Searcher) -> None:
    assert names(answer_to(searcher, "articles from 2026")) == ["shops/b", "c"]
    assert names(answer_to(searcher, "articles by Xinhua since 2025")) == ["c"]
    assert names(answer_to(searcher, "articles about the baker from 2025")) == ["shops/a"]
    assert names(answer_to(searcher, "articles from 2026", filters=Filters(publishers=("xinhua",)))) == ["c"]
    listing = listing_of(answer_to(searcher, "How many articles are by Xinhua from 2026?"))
    assert listing.text == "There is 1 article (by Xinhua; from 2026)."


def test_a_relative_time_counts_from_the_day_on_which_is_asked(searcher: Searcher) -> None:
    asked = "How many articles were published last week?"
    listing = listing_of(answer_to(searcher, asked, today=date(2026, 12, 2)))
    assert (listing.text, [each.article for each in listing.articles]) == (
        "There are 2 articles (last week).",
        ["shops/b", "c"],  # that of a year counts for each of its days
    )
    assert names(answer_to(searcher, "articles from last week", today=date(2025, 1, 8))) == ["shops/a"]
    assert names(answer_to(searcher, "articles from last week", today=date(2025, 1, 15))) == []


def test_a_list_is_as_long_as_the_question_says(searcher: Searcher) -> None:
    assert names(answer_to(searcher, "the two newest articles")) == ["shops/b", "c"]
    assert names(answer_to(searcher, "more", earlier=["the two newest articles"])) == ["shops/a"]
    listing = listing_of(answer_to(searcher, "list 2 articles about the baker"))
    assert (listing.total, len(listing.articles), listing.more) == (3, 2, True)


def test_a_language_and_excluded_words_restrict_a_list(searcher: Searcher) -> None:
    assert names(answer_to(searcher, "articles about the baker in Chinese")) == []
    assert names(answer_to(searcher, "English articles about the baker")) == ["shops/b"]
    assert names(answer_to(searcher, "articles about the baker but not the street")) == ["shops/b"]


def test_articles_about_a_subject_can_be_ordered_by_date(searcher: Searcher) -> None:
    answer = answer_to(searcher, "list articles about the baker, newest first")
    assert (names(answer), listing_of(answer).order) == (["shops/b", "shops/a", "d"], "date")


def test_a_list_goes_on_with_more_and_from_an_offset(searcher: Searcher) -> None:
    first = answer_to(searcher, "list all articles")
    assert (listing_of(first).total, len(names(first)), listing_of(first).more) == (COUNT, 20, True)
    assert len(first.citations) == 5
    second = answer_to(searcher, "more", earlier=["list all articles"])
    assert second.history_used == ("list all articles",)
    assert (listing_of(second).offset, listing_of(second).more) == (20, False)
    assert len({*names(first), *names(second)}) == COUNT
    assert names(answer_to(searcher, "list all articles", offset=20)) == names(second)
    third = answer_to(searcher, "more", earlier=["list all articles", "more"])
    assert (names(third), listing_of(third).text) == ([], "No more articles: 23 in all.")


def test_a_list_is_no_context_for_what_is_asked_after_it(searcher: Searcher) -> None:
    earlier = ["Who closed his shop?", "list all articles", "more"]
    assert answer_to(searcher, "And when?", earlier=earlier).history_used == ("Who closed his shop?",)


def test_topics_are_the_folders_or_else_the_words_of_titles(searcher: Searcher, shared_searcher: Searcher) -> None:
    listing = listing_of(answer_to(searcher, "What topics are there?"))
    assert listing.topics == (Topic("notes", COUNT - 4), Topic("shops", 2))
    assert listing.text == "23 articles in 2 folders:"
    moon = answer_to(shared_searcher, "What topics are there?", filters=Filters(publishers=("Night Sky Notes",)))
    assert listing_of(moon).topics == (Topic("Moon", 1), Topic("seas", 1), Topic("soil", 1))


def test_counts_lists_and_topics_know_only_what_the_groups_may_see(tmp_path: Path) -> None:
    whole = searcher_of(built(tmp_path, {**OPEN, **HIDDEN}))
    for group, count, topics in (
        ("hr", 2, (Topic("hr", 2), Topic("open", 2))),
        ("sales", 1, (Topic("open", 2),)),
    ):
        seen = whole.seen_by(frozenset({group}))
        soil = listing_of(answer_to(seen, "How many articles mention lunar soil?"))
        assert (soil.total, {each.article for each in soil.articles} - SEES[group]) == (count, set())
        assert listing_of(answer_to(seen, "What topics are there?")).topics == topics
        assert set(names(answer_to(seen, "list all articles"))) == SEES[group]
    hidden = answer_to(whole.seen_by(frozenset({"sales"})), "articles by Payroll Office")
    assert hidden.listing is None  # as with any name that no article has


def test_the_question_can_be_searched_for_instead(searcher: Searcher) -> None:
    answer = answer_to(searcher, "How many articles mention the baker?", ignore={"listing:count"})
    assert (answer.listing, answer.preferences) == (None, ())
    assert [*answer.citations, *answer.closest]


def test_an_article_whose_file_is_gone_is_neither_counted_nor_listed(tmp_path: Path) -> None:
    articles = {name: _article(name, "2025", "The baker opened a shop.") for name in ("a.md", "b.md")}
    folder = write_articles(tmp_path / "articles", articles)
    build(folder, tmp_path / "index", IDENTITY, load=HashingEncoder)
    (folder / "a.md").unlink()
    answer = answer_to(searcher_of(tmp_path / "index"), "How many articles mention the baker?")
    assert (listing_of(answer).total, names(answer)) == (1, ["b"])
