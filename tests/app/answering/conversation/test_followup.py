import pytest

from app.answering.conversation.followup import context_of
from index.search.questions.question import ALONE, Context
from index.search.searcher import Searcher
from tests.answers import answer_to

EARLIER = ("first?", "second?", "third?", "fourth?")


@pytest.mark.parametrize(
    "question",
    [
        "And the year before?",
        "How long was its previous record?",
        "What did they decide?",
        "Why?",
        "Which one is older than the second of the two?",
        "Who took the chair there?",
        "How many were there when that was written?",
        "Who leads the ocean one, and from which university?",
        "OK, and when is it meant to give more energy than it takes in?",
        "How many members?",
        "How many on 14 January 2025?",
        "In 2024?",
        "那2023年底呢？",
        "But did the minister of science agree with him then?",
        "那前一年呢?",
        "它的主任是谁?",
    ],
)
def test_a_question_that_leans_on_others_is_led_by_the_last_three(question: str) -> None:
    assert context_of(question, EARLIER) in [Context(EARLIER[1:], share, leads=True) for share in (0.6, 0.5)]


@pytest.mark.parametrize(
    "question",
    [
        "Who chairs the National Venture Capital Guidance Fund?",
        "How many agreements had China signed by January 2026?",
        "What two offices does Ding Xuexiang hold beside his seat?",
        "Why did China enlarge the three centres?",
        "What does the IT ministry plan for chips and robots?",
        "How many zones are there in the whole country?",
        "Who was Albert Einstein?",
        "What happened at Waterloo?",
        "Who invented zips?",
        "Who won the world cup?",
        "What is a statocyst?",
        "Virtualization",
        "My colleague has lost her badge, who gives her a new one?",
        "How do I cook rice so that it doesn't stick?",
        "Which of the Beatles are alive and where do they live?",
        "What was there to see this year in Paris?",
    ],
)
def test_a_question_that_stands_alone_is_understood_alone(question: str) -> None:
    assert context_of(question, EARLIER).questions == EARLIER[1:]
    assert not context_of(question, EARLIER).leads


def test_a_first_question_has_no_context() -> None:
    assert context_of("And the year before?", ()) == ALONE


def test_a_follow_up_finds_what_its_topic_is_about_and_says_what_it_was_read_after(searcher: Searcher) -> None:
    earlier = "Which plants feed bees?"
    answer = answer_to(searcher, "And in October?", 1, [earlier])
    shown = answer.citations or answer.closest
    assert "Ivy feeds bees in October." in shown[0].quote
    assert answer.history_used == (earlier,)
    assert answer_to(searcher, "And in October?", 1).history_used == ()


def test_a_question_that_is_repeated_is_not_read_after_itself() -> None:
    assert context_of("Why?", ("first?", "Why?")) == Context(("first?",), 0.6, leads=True)
    assert context_of("Why?", ("Why?",)) == ALONE
