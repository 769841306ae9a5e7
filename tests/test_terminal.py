from app.answer import Answer
from app.terminal import answer_text
from tests.test_render import CITATION


def test_an_answer_lists_numbered_quotes_with_source_and_link() -> None:
    text = answer_text(Answer("q", True, (CITATION,), (), "b", 0.0), colour=False)
    assert text == (
        "[1] The Moon, Night Sky Notes, 2024-06-25\n"
        "    »Soil is dry.« It is.\n"
        "    based on Space Agency\n"
        "    /articles/moon?start=0&end=20#passage"
    )


def test_on_a_terminal_the_best_sentence_is_bold() -> None:
    text = answer_text(Answer("q", True, (CITATION,), (), "b", 0.0), colour=True)
    assert "\x1b[1mSoil is dry.\x1b[0m It is." in text


def test_a_refusal_says_so_before_the_closest_passages() -> None:
    text = answer_text(Answer("q", False, (), (CITATION,), "b", 0.0), colour=False)
    assert text.startswith("The articles do not say.\n\nClosest passages:\n\n[1] The Moon")


def test_a_refusal_without_passages_is_one_sentence() -> None:
    assert answer_text(Answer("q", False, (), (), "b", 0.0), colour=False) == "The articles do not say."
