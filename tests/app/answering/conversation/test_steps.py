"""Steps from an answer: more of it, other articles, or one of its passages."""

from dataclasses import replace

import pytest

from app.answering.answer import Answer
from app.answering.conversation.steps import Step, step_of
from app.answering.language import chosen
from app.web.chat.cards import answer_html
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

QUESTION = "Which towns dry lavender?"
TOWNS = ("Apt", "Banon", "Crest", "Digne", "Eygalieres", "Forcalquier")


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Six articles of a passage each, all of which answer."""
    folder = tmp_path_factory.mktemp("towns")
    texts = {f"{name}.md": f"The towns that dry lavender: {name} with {name} barns.\n" for name in TOWNS}
    root = folder.with_name("towns-index")
    build(write_articles(folder, texts), root, IDENTITY, load=HashingEncoder)
    return searcher_of(root)


def articles(answer: Answer) -> list[str]:
    return [citation.article for citation in answer.citations or answer.closest]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("more", Step("more")),
        ("Tell me more", Step("more")),
        ("tell me more about it, please".replace(",", ""), Step("more")),
        ("Anything else?", Step("more")),
        ("还有吗？", Step("more")),
        ("说详细一点", Step("more")),
        ("other articles?", Step("elsewhere")),
        ("Do other articles mention it?", Step("elsewhere")),
        ("其他文章呢？", Step("elsewhere")),
        ("the second one", Step("passage", 2)),
        ("What does the third passage say?", Step("passage", 3)),
        ("第二个呢？", Step("passage", 2)),
    ],
)
def test_a_step_is_recognised(text: str, step: Step) -> None:
    assert step_of(text) == step


@pytest.mark.parametrize(
    "text",
    [
        "More about quantum computing",
        "Are there more women in science?",
        "other articles about bees",
        "What do other articles of the treaty say?",
        "the second one in the list of cities",
        "Who came second?",
        "第二个五年计划是什么？",
        "还有哪些城市？",
        "the " * 40,
    ],
)
def test_a_question_of_its_own_is_no_step(text: str) -> None:
    assert step_of(text) is None


def test_more_gives_the_passages_behind_those_that_were_shown(towns: Searcher) -> None:
    first, more = answer_to(towns, QUESTION, 2), answer_to(towns, "more", 2, [QUESTION])
    again = answer_to(towns, "tell me more", 2, [QUESTION, "more"])
    shown = [*articles(first), *articles(more), *articles(again)]
    assert sorted(shown) == sorted(TOWNS)
    assert (again.question, again.read_as, again.step) == ("tell me more", QUESTION, Step("more", 2))
    assert again.history_used == (QUESTION,)


def test_where_nothing_is_left_it_is_said(towns: Searcher) -> None:
    answer = answer_to(towns, "more", 6, [QUESTION])
    assert (answer.verdict, answer.citations, answer.closest, answer.notes) == ("none", (), (), ("no_more",))
    assert "There are no further passages." in answer_html(answer, chosen("en"))
    assert "没有更多段落了。" in answer_html(answer, chosen("zh"))


def test_other_articles_are_those_that_were_not_shown(towns: Searcher) -> None:
    first, others = answer_to(towns, QUESTION, 2), answer_to(towns, "other articles?", 2, [QUESTION])
    assert articles(others)
    assert not set(articles(first)) & set(articles(others))


def test_the_second_one_is_the_second_passage_of_the_answer(towns: Searcher) -> None:
    first = answer_to(towns, QUESTION)
    assert articles(answer_to(towns, "the second one", earlier=[QUESTION])) == articles(first)[1:2]
    assert articles(answer_to(towns, "第二个呢？", earlier=[QUESTION, "more"])) == articles(first)[1:2]


@pytest.mark.parametrize("earlier", [[], ["Hello!"], ["🙂"]])
def test_without_a_question_before_it_a_step_is_a_question_like_any_other(earlier: list[str], towns: Searcher) -> None:
    answer = answer_to(towns, "more", earlier=earlier)
    assert (answer.read_as, answer.step) == ("", None)


@pytest.mark.parametrize(
    ("step", "english", "chinese"),
    [
        (None, "Read as “<bdi>&lt;b&gt;?</bdi>”", "理解为“<bdi>&lt;b&gt;?</bdi>”"),
        (Step("more"), "More on “<bdi>", "的更多段落"),
        (Step("elsewhere"), "Other articles on “<bdi>", "其他文章中关于“"),
        (Step("passage", 2), "Passage 2 of the answer to “<bdi>", "的回答中的第2段"),
    ],
)
def test_the_chip_says_what_a_follow_up_was_read_as(
    step: Step | None, english: str, chinese: str, towns: Searcher
) -> None:
    answer = replace(answer_to(towns, QUESTION), read_as="<b>?", step=step)
    for code, said in (("en", english), ("zh", chinese)):
        html = answer_html(answer, chosen(code))
        assert 'value="history"' in html
        assert said in html
