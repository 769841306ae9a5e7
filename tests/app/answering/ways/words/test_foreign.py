"""A question in a language that no article is in."""

from pathlib import Path

import pytest

from app.answering.language import chosen
from app.answering.ways.words.foreign import article_languages
from app.terminal import answer_text
from app.web.chat.cards import answer_html
from index.search.searcher import Searcher
from tests.answers import answer_to
from tests.conftest import indexed

RUSSIAN = "Кто директор музея?"
ENGLISH = '---\nlanguage: "en"\n---\nThe harbour master keeps the register of boats.\n'
CHINESE = '---\nlanguage: "zh-Hans"\n---\n港口主管保存船舶登记册。\n'


@pytest.fixture
def harbour(tmp_path: Path) -> Searcher:
    return indexed(tmp_path, {"a.md": ENGLISH, "b.md": ENGLISH.replace("boats", "ships"), "c.md": CHINESE})


def languages_for(question: str, searcher: Searcher) -> tuple[str, ...]:
    return article_languages(question, searcher.articles, searcher.facets, searcher.store.vocabulary)


@pytest.mark.parametrize(
    "question",
    [
        RUSSIAN,
        "日本の大臣は誰ですか",
        "시장은 누구입니까?",
        "Wer ist der Bürgermeister und wo wohnt er?",
        "Qui est le maire de la ville?",
        "¿Quién es el alcalde?",
        "Wie viele Schiffe hat Harbour Master im Jahr 2024?",  # a name and a number stand in an article
        "Qual foi o registo da cidade?",
    ],
)
def test_the_languages_of_the_articles_are_told_for_a_question_in_none_of_them(
    question: str, harbour: Searcher
) -> None:
    assert languages_for(question, harbour) == ("en", "zh")


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Vienna?",
        "市长是谁？",
        "zxcv qwerty",
        "Virtualization",
        "Wer leitet das harbour office und wo?",  # a word of it stands in an article
        "Die Hard",
        "2024?",
    ],
)
def test_nothing_is_told_where_the_question_may_be_in_one_of_them(question: str, harbour: Searcher) -> None:
    assert languages_for(question, harbour) == ()


def test_nothing_is_told_where_the_language_of_an_article_is_unknown(tmp_path: Path) -> None:
    searcher = indexed(tmp_path, {"a.md": ENGLISH, "b.md": "Реестр.\n"})
    assert languages_for("Wer ist der Bürgermeister und wo?", searcher) == ()


def test_any_latin_question_is_foreign_to_chinese_articles_alone(tmp_path: Path) -> None:
    searcher = indexed(tmp_path, {"c.md": CHINESE})
    assert languages_for("Kto jest burmistrzem?", searcher) == ("zh",)
    assert languages_for("港口主管是谁？", searcher) == ()


def test_a_refusal_names_the_languages_in_that_of_the_reader(harbour: Searcher) -> None:
    answer = answer_to(harbour, RUSSIAN)
    assert answer.verdict != "answer"
    assert "other_language:en, zh" in answer.notes
    english = "The question seems to be in another language than the articles, which are in: "
    assert f"{english}<bdi>English, Chinese</bdi>." in answer_html(answer, chosen("en"))
    assert "文章的语言：<bdi>英语, 中文</bdi>。" in answer_html(answer, chosen("zh"))
    assert f"{english}English, Chinese." in " ".join(answer_text(answer, colour=False).split())


def test_an_answer_is_not_told_so(harbour: Searcher) -> None:
    assert "other_language:en, zh" not in answer_to(harbour, "Who keeps the register of boats?").notes
