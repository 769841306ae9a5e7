"""The texts of each language: own words, plain words, numbers and dates, and the problems they tell of."""

import re
from typing import Any

import pytest

from app.answering.language import chosen, languages
from index.articles.filters import Filters
from index.errors import BadFilter, BadQuestion
from index.search.questions.question import checked
from index.search.searcher import Searcher
from tests.app.answering.test_language import is_pattern
from tests.conftest import PROJECT

HAN = re.compile("[\u4e00-\u9fff]")
MARKS = {"answer.quoted", "listing.where", "way.acronym"}  # marks and a value alone
SHARED = {  # words that are spelt as in English
    "de": {"way.period"},
    "es": {"article.original", "way.period"},
    "fr": {
        *("article.articles", "article.count", "article.count_one", "article.of_page", "article.original"),
        *("answer.page", "article.pages", "article.site", "chat.conversation", "chat.suggestions"),
    },
}


def test_every_language_says_it_in_its_own_words() -> None:
    english, chinese = languages()["en"].texts, languages()["zh"].texts
    assert {name for name in english if not HAN.search(chinese[name])} == MARKS - {"listing.where", "way.acronym"}
    for code in ("de", "en", "es", "fr"):
        assert [name for name, text in languages()[code].texts.items() if HAN.search(text)] == []
    for code, shared in SHARED.items():
        texts = languages()[code].texts
        same = {name for name in english if not is_pattern(name) and texts[name] == english[name]}
        assert same == {*shared, *MARKS} - ({"answer.quoted"})


def test_no_text_has_a_word_that_only_its_makers_understand() -> None:
    jargon = re.compile(r"encoder|encodeur|codificador|embedding|vector|vektor|token|index term|reranker|编码|向量")
    for language in languages().values():
        texts = {name: text.lower() for name, text in language.texts.items() if not is_pattern(name)}
        assert [name for name, text in texts.items() if jargon.search(text)] == []


@pytest.mark.parametrize(
    ("code", "number", "day"),
    [
        ("en", "12,345", "March 5, 2024"),
        ("zh", "12,345", "2024年3月5日"),
        ("de", "12.345", "5. März 2024"),
        ("fr", "12\u202f345", "5 mars 2024"),
        ("es", "12.345", "5 de marzo de 2024"),
    ],
)
def test_numbers_and_dates_are_written_as_the_reader_writes_them(code: str, number: str, day: str) -> None:
    language = chosen(code)
    assert (language.number(12345), language.number(999)) == (number, "999")
    assert [language.day(written) for written in ("2024-03-05", "2024-03", "2024")] == [day, "2024-03", "2024"]


def test_the_documents_name_every_language() -> None:
    table = (PROJECT / "docs" / "intranet.md").read_text("utf-8")
    named = re.search(r"`data-language` \| (.*?);", table)
    assert named is not None
    assert set(re.findall(r"`(\w+)`", named[1])) == set(languages())
    names = ", ".join(chosen("en").name(code) for code in ("en", "zh", "de", "fr"))
    assert f"speak {names} and Spanish" in (PROJECT / "README.md").read_text("utf-8")


def test_a_language_is_named_in_the_reader_s_language() -> None:
    assert [chosen(code).name("fr") for code in languages()] == ["French", "Französisch", "francés", "français", "法语"]
    assert chosen("de").note("other_language:en, zh") == ("note.other_language", "Englisch, Chinesisch")
    assert chosen("de").name("qqq") == "qqq"


@pytest.mark.parametrize(
    ("question", "english", "chinese"),
    [
        ("", "The question is empty. Ask in plain words.", "问题是空的。请用日常语言提问。"),
        ("🙂{0}", "The question “🙂” holds no word. Ask in plain words.", "🙂"),
        ("a" * 2001, "The question has 2,001 characters; at most 2,000 are read. Shorten it.", "2,001"),
    ],
)
def test_every_problem_of_a_question_is_told_in_every_language(question: str, english: str, chinese: str) -> None:
    with pytest.raises(BadQuestion) as error:
        checked(question.replace("{0}", ""))
    told = {code: language.problem(error.value) for code, language in languages().items()}
    assert told["en"] == english
    assert chinese in told["zh"]


@pytest.mark.parametrize(
    ("filters", "english", "chinese"),
    [
        ({"since": "2025-13"}, "“2025-13” is no date. Give a year, a month or a day: 2025, 2025-01 or", "2025-13"),
        ({"since": "2025", "until": "2024"}, "The range from 2025 to 2024 ends before it begins. Swap them.", "2024"),
        ({"folders": ("a",) * 51}, "51 values are chosen; at most 50 of a kind are read. Leave some out.", "51"),
        ({"publishers": ("Moon",)}, "No article has the publisher “Moon”. Choose among others: Garden Notes;", "Moon"),
        ({"languages": ("fr",)}, "No article has the language “fr”. Choose among others: en; zh.", "en; zh"),
        ({"folders": ("gardn",)}, "There is no folder “gardn”. Choose among others: garden.", "garden"),
    ],
)
def test_every_problem_of_a_filter_is_told_in_every_language(
    filters: dict[str, Any], english: str, chinese: str, shared_searcher: Searcher
) -> None:
    with pytest.raises(BadFilter) as error:
        shared_searcher.facets.passing(Filters(**filters))
    told = {code: language.problem(error.value) for code, language in languages().items()}
    assert told["en"].startswith(english)
    assert chinese in told["zh"]
