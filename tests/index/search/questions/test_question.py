import pytest

from index.errors import BadQuestion
from index.search.questions.question import ALONE, Context, Question, checked


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is tea?", "What is tea?"),
        ("  What\tis\r\n\r\ntea? \u3000", "What is tea?"),
        ("cafe\u0301?", "café?"),
        ("\ufeffWhat\u2028is\0 t\x1be\x7fa?", "What is tea?"),
        ("tea\ud800\udfff?", "tea?"),
        ("<script>alert('茶')</script> & <b>tea</b>", "<script>alert('茶')</script> & <b>tea</b>"),
        ("What is the", "What is the"),
        ("茶", "茶"),
        ("🍵 tea 👩‍🚀", "🍵 tea 👩‍🚀"),
        ("'; DROP TABLE articles; --", "'; DROP TABLE articles; --"),
        ("x" * 2_000, "x" * 2_000),
    ],
)
def test_a_question_is_put_on_one_line_and_otherwise_left_as_it_is(question: str, text: str) -> None:
    assert checked(question) == text


def test_a_long_text_keeps_its_lines() -> None:
    assert checked(f"Dear  all,\r\n\n{'x' * 200}\n > why?") == f"Dear all,\n{'x' * 200}\n> why?"


@pytest.mark.parametrize("question", ["", "   ", "\n\t\u3000", "\0\x1b\u200b\ufeff", "\ud800"])
def test_an_empty_question_is_an_error(question: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        checked(question)
    assert str(caught.value) == "the question is empty. Ask in plain words"


@pytest.mark.parametrize(
    ("question", "shown"),
    [("🍵🎉", "'🍵🎉'"), ("❤️ ☀️", "'❤️ ☀️'"), ("?!...", "'?!...'"), ("!" * 100, "'" + "!" * 40 + "'")],
)
def test_a_question_without_a_word_is_an_error(question: str, shown: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        checked(question)
    assert str(caught.value) == f"the question {shown} holds no word. Ask in plain words"


@pytest.mark.parametrize(("length", "shown"), [(2_001, "2,001"), (100_000, "100,000")])
def test_a_question_that_is_too_long_is_an_error_and_not_cut(length: int, shown: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        checked("x" * length)
    assert str(caught.value) == f"the question has {shown} characters; at most 2,000 are read. Shorten it"


@pytest.mark.parametrize(
    ("context", "leads"),
    [
        (ALONE, False),
        (Context(("Who?",), 0.6), False),
        (Context(("Who?",), 0.4, leads=True), True),
        (Context(("Who?", "Why?"), 1.0, leads=True), True),
    ],
)
def test_a_question_is_understood_after_a_context_that_leads(context: Context, leads: bool) -> None:
    joined = " ".join([*context.questions, "And tea?"])
    assert Question("And tea?", context).understood == (joined if leads else "And tea?")


def test_a_question_stands_behind_its_earlier_questions() -> None:
    question = Question("And tea?", Context(("What is ivy?", "Who drinks it?")))
    assert question.in_context == "What is ivy? Who drinks it? And tea?"
    assert Question("And tea?").in_context == "And tea?"


def test_a_question_is_checked_where_it_is_made() -> None:
    assert Question("  And\ntea? ").text == "And tea?"
    with pytest.raises(BadQuestion, match="the question is empty"):
        Question(" ")


@pytest.mark.parametrize("share", [0.25, 0.6])
def test_of_a_context_that_is_too_long_the_beginning_is_cut_and_never_the_question(share: float) -> None:
    question, context = "y" * 1_500, Context(("x" * 2_000,), share)

    assert Question(question, context).in_context == "x" * 499 + " " + question
    assert Question("y" * 2_000, context).in_context == "y" * 2_000
