"""Suggestions of large collections: titles at once, headings later; what is bounded."""

import time

from app.answering.suggestions.suggestion import LONGEST, MOST_TEXTS, Suggestion, Titled, different
from app.answering.suggestions.suggestions import Suggestions
from index.articles.article import Article, join_blocks
from index.articles.catalogue import Catalogue
from index.errors import DamagedIndex


class Many(Catalogue):
    """Articles that each have a title and a heading; the texts of `damaged` ones cannot be read."""

    def __init__(self, count: int, *, damaged: bool = False) -> None:
        super().__init__([{"id": f"{n:03}", "title": f"Tea {n}", "language": "", "groups": []} for n in range(count)])
        self._damaged = damaged

    def __getitem__(self, row: int) -> Article:
        if self._damaged:
            raise DamagedIndex("texts.txt is damaged")
        text, blocks = join_blocks([("heading", f"Cups of {row}"), ("paragraph", "Tea.")])
        return Article(self._lines[row]["id"], self._lines[row]["title"], text, blocks, "")


def texts(suggestions: Suggestions, typed: str) -> list[str]:
    return [found.text for found in suggestions.matching(typed, (), lambda _: True)]


def test_a_large_collection_has_its_titles_at_once_and_its_headings_when_all_is_read() -> None:
    suggestions = Suggestions(Many(300))
    assert texts(suggestions, "tea 299") == ["Tea 299"]
    suggestions.complete()
    assert texts(suggestions, "cups 299") == ["Cups of 299"]
    assert suggestions.matching("299", (), bool) == (
        Suggestion("Tea 299", "title"),
        Suggestion("Cups of 299", "heading"),
    )


def test_a_text_that_cannot_be_read_leaves_the_titles() -> None:
    suggestions = Suggestions(Many(300, damaged=True))
    assert texts(suggestions, "tea 7")[0] == "Tea 7"
    assert texts(suggestions, "cups") == []


def test_hidden_articles_give_nothing() -> None:
    articles = Many(3)
    assert texts(Suggestions(articles.seen_by(frozenset(["hr"]))), "tea") == []
    assert texts(Suggestions(articles.seen_by(frozenset(["hr"]))), "cups") == []


def test_texts_are_suggested_once_and_not_without_bounds() -> None:
    given = ["Tea", "TEA", "", "x" * LONGEST, "x" * (LONGEST + 1), *map(str, range(MOST_TEXTS))]
    kept = different(Titled(Suggestion(text, "title"), "") for text in given)
    assert [titled.suggestion.text for titled in kept[:3]] == ["Tea", "x" * LONGEST, "0"]
    assert len(kept) == MOST_TEXTS


def test_questions_come_first_once_they_have_been_tried_and_leave_room_for_others() -> None:
    suggestions = Suggestions(Many(9))
    questions = tuple(f"Tea with {number}?" for number in range(8))
    tried: list[str] = []

    def answers(question: str) -> bool:
        tried.append(question)
        return question != questions[0]

    assert texts(suggestions, "tea") == [f"Tea {number}" for number in range(8)]
    for _ in range(1_200):
        found = [suggestion.text for suggestion in suggestions.matching("tea", questions, answers)]
        if found[0] == questions[1] and len(tried) == len(questions):
            break
        time.sleep(0.05)
    assert found == [*questions[1:5], "Tea 0", "Tea 1", "Tea 2", "Tea 3"]
    assert tried == list(questions)
