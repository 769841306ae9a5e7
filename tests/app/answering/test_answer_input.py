"""Questions and histories that nobody plans for: each gets an honest answer or a refusal that says why."""

import pytest

from app.answering.answer import Answer
from app.answering.decision import Rule
from index.errors import BadQuestion
from index.search.questions.question import MAX_CHARACTERS
from index.search.searcher import Searcher
from tests.answers import answer_to

BEFORE = "Which plants feed bees?"
# Four passages of a hashing encoder are too few to be told by nearness: shared words decide.
WORDS = Rule(bias=-0.5, sentence=0, coverage=1, missing=0)
EVERYTHING = {"moon", "garden/bees", "zh/tea"}


def _shown(answer: Answer) -> list[str]:
    return [citation.article for citation in (*answer.citations, *answer.closest)]


def _words(word: str) -> str:
    """The word over and over, 2,000 characters in all."""
    return (f"{word} " * MAX_CHARACTERS)[: MAX_CHARACTERS - 1] + "?"


@pytest.mark.parametrize(
    ("question", "first"),
    [("茶", "zh/tea"), ("7", None), ("x", None), ("é", None), ("ф", None)],
)
def test_a_question_of_one_character_is_answered_by_what_holds_it_or_not_at_all(
    question: str, first: str | None, shared_searcher: Searcher
) -> None:
    answer = answer_to(shared_searcher, question, rule=WORDS)

    assert (answer.question, set(_shown(answer))) == (question, EVERYTHING)
    if first:
        assert (_shown(answer)[0], answer.notes) == (first, ())
    else:
        assert (answer.answered, answer.notes) == (False, ("keywords_silent",))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (_words("lavender"), "garden/bees"),
        (_words("basalt plains of the Moon's dark seas"), "moon"),
        (_words("红茶的产量"), "zh/tea"),
    ],
)
def test_a_question_of_2000_characters_is_read_to_its_end(question: str, first: str, shared_searcher: Searcher) -> None:
    answer = answer_to(shared_searcher, question)

    assert len(answer.question) == MAX_CHARACTERS
    assert _shown(answer)[0] == first
    with pytest.raises(BadQuestion, match=r"^the question has 2,001 characters; at most 2,000 are read\. Shorten it$"):
        answer_to(shared_searcher, f"{question}?")


def test_a_question_of_2000_characters_that_are_no_words_of_the_articles_is_not_answered(
    shared_searcher: Searcher,
) -> None:
    unknown = " ".join(f"q{number:03}z" for number in range(400))[: MAX_CHARACTERS - 1] + "?"
    answer = answer_to(shared_searcher, unknown)

    assert (answer.answered, answer.citations) == (False, ())
    assert set(_shown(answer)) == EVERYTHING


@pytest.mark.parametrize("question", ["What is it about?", "the and of to", "Who? Why? When? Where?"])
def test_a_question_of_stop_words_alone_is_not_answered(question: str, shared_searcher: Searcher) -> None:
    answer = answer_to(shared_searcher, question, rule=WORDS)

    assert (answer.answered, answer.citations, answer.preferences) == (False, (), ())
    assert answer.notes == ()  # it has no word that an article could lack
    assert set(_shown(answer)) == EVERYTHING


@pytest.mark.parametrize(
    ("misspelt", "spelt"),
    [
        ("What does lavneder feed in July?", "What does lavender feed in July?"),
        ("Which plains are of bazalt?", "Which plains are of basalt?"),
    ],
)
def test_a_word_that_is_misspelt_is_read_as_the_one_that_is_near(
    misspelt: str, spelt: str, shared_searcher: Searcher
) -> None:
    found, wanted = answer_to(shared_searcher, misspelt), answer_to(shared_searcher, spelt)

    assert (found.question, found.answered, wanted.answered) == (misspelt, True, True)
    assert found.citations[0].quote == wanted.citations[0].quote
    assert found.citations[0].highlight == wanted.citations[0].highlight


@pytest.mark.parametrize(
    ("question", "read"), [("And in October?", 1), ("How many grams of lunar soil did a probe bring to Earth?", 3)]
)
def test_of_a_history_of_200_turns_the_last_on_the_subject_are_read(
    question: str, read: int, shared_searcher: Searcher
) -> None:
    turns = [f"{number}. {BEFORE}" for number in range(200)]
    answer = answer_to(shared_searcher, question, earlier=turns)

    assert answer.history_used == tuple(turns[-read:])
    assert answer == answer_to(shared_searcher, question, earlier=turns[-3:])


@pytest.mark.parametrize(
    "turn",
    [
        f"<script>alert('x')</script><b>{BEFORE}</b>",
        f"**{BEFORE}** [ivy](javascript:alert(1)) | `x` |",
        f"\x00\x1b[31m{BEFORE}\u202e",
        f"{BEFORE}\n\n> quoted\n\n# heading",
        f"{'<p>' * 3_000}{BEFORE}",
    ],
)
def test_markup_in_a_history_is_text_like_any_other(turn: str, shared_searcher: Searcher) -> None:
    answer = answer_to(shared_searcher, "And in October?", earlier=[turn])

    assert answer.history_used in ((turn,), ())  # nothing of markup need be related
    assert _shown(answer)[0] == "garden/bees"
    quote = (*answer.citations, *answer.closest)[0]
    assert quote.quote[slice(*quote.highlight[0])] == "Ivy feeds bees in October."


@pytest.mark.parametrize("turns", [[""], ["🙂"], ["?!", " ", "\n"]])
def test_a_history_that_holds_no_word_changes_no_order(turns: list[str], shared_searcher: Searcher) -> None:
    question = "What feeds bees in July?"

    assert _shown(answer_to(shared_searcher, question, earlier=turns)) == _shown(answer_to(shared_searcher, question))
