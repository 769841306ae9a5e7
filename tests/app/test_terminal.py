from dataclasses import replace

import pytest

from app.answering.answer import Answer
from app.answering.conversation.smalltalk import Help
from app.answering.inventory.listing import ListedArticle, Listing, Topic
from app.answering.language import chosen
from app.answering.links import ArticleLink
from app.answering.ways.way import Mention
from app.terminal import answer_text
from index.articles.article import Place
from index.reading.freshness import State
from tests.app.web.chat.test_cards import CITATION


def test_an_answer_lists_numbered_quotes_with_source_and_link() -> None:
    text = answer_text(Answer("q", "answer", (CITATION,), (), "b", 0.0), colour=False)
    assert text == (
        "[1] The Moon, Night Sky Notes, 2024-06-25  (Checked now: the file still says so)\n"
        "    »Soil is dry.« It is.\n"
        "    based on Space Agency\n"
        "    /articles/moon?start=0&end=20#passage"
    )


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        ("verified", "Checked now: the file still says so"),
        ("unchecked", "Not checked: the folder of the articles cannot be seen from here"),
        ("changed", "The file has changed this very moment"),
        ("gone", "The file has been removed this very moment"),
    ],
)
def test_a_look_at_the_file_and_the_page_stand_beside_the_source(receipt: State, said: str) -> None:
    citation = replace(CITATION, receipt=receipt, page=3, place=Place("page", 3))
    text = answer_text(Answer("q", "answer", (citation,), (), "b", 0.0), colour=False)
    assert text.startswith(f"[1] The Moon, Night Sky Notes, 2024-06-25, page 3  ({said})\n")


@pytest.mark.parametrize(
    ("place", "english", "chinese"),
    [
        (Place("slide", 3), "slide 3", "第 3 张幻灯片"),
        (Place("row", 12), "row 12", "第 12 行"),
        (Place("sheet", 12, "Costs {2024}"), "sheet Costs {2024}, row 12", "工作表“Costs {2024}”第 12 行"),
    ],
)
def test_a_slide_or_row_is_named_as_its_program_shows_it(place: Place, english: str, chinese: str) -> None:
    answer = Answer("q", "answer", (replace(CITATION, place=place),), (), "b", 0.0)
    for language, said in (("en", english), ("zh", chinese)):
        text = answer_text(answer, chosen(language), colour=False)
        assert text.startswith(f"[1] The Moon, Night Sky Notes, 2024-06-25, {said}  (")


def test_a_fetched_page_says_its_day_and_a_commit_is_no_date_of_publication() -> None:
    citation = replace(CITATION, published="", changed="2025-03-01", fetched="2026-01-02")
    text = answer_text(Answer("q", "answer", (citation,), (), "b", 0.0), colour=False)
    said = "[1] The Moon, Night Sky Notes, last changed 2025-03-01 (git)  (As fetched on 2026-01-02)\n"
    assert text.startswith(said)


def test_on_a_terminal_the_best_sentence_is_bold() -> None:
    text = answer_text(Answer("q", "answer", (CITATION,), (), "b", 0.0), colour=True)
    assert "\x1b[1mSoil is dry.\x1b[0m It is." in text


def test_related_passages_are_shown_under_a_warning() -> None:
    text = answer_text(Answer("q", "related", (), (CITATION,), "b", 0.0), colour=False)
    assert text.startswith("The articles may not answer this. The nearest passages:\n\n[1] The Moon")


def test_in_chinese_all_but_the_articles_is_chinese() -> None:
    citation = replace(CITATION, page=3, place=Place("page", 3), also_in=(ArticleLink("a", "A", "/articles/a"),))
    named, read = (Mention("published", "2025-01", "Jan 2025"),), {"bazalt": "basalt"}
    answer = Answer("q", "related", (), (citation,), "b", 0.0, preferences=named, respelled=read)
    assert answer_text(answer, chosen("zh"), colour=False) == (
        "优先：Jan 2025（加 --ignore published:2025-01 则不如此）\n\n"
        "已读作 “bazalt” → “basalt”（加 --ignore spelling 则不如此）\n\n"
        "文章中可能没有答案。最接近的段落：\n\n"
        "[1] The Moon, Night Sky Notes, 2024-06-25, 第 3 页  (刚刚核对：文件原文如此)\n"
        "    »Soil is dry.« It is.\n"
        "    依据：Space Agency\n"
        "    另见：A\n"
        "    /articles/moon?start=0&end=20#passage"
    )


def test_a_refusal_says_so_before_the_closest_passages() -> None:
    text = answer_text(Answer("q", "none", (), (CITATION,), "b", 0.0), colour=False)
    closest = "These are only the nearest passages; they do not answer the question."
    assert text.startswith(f"The articles do not say.\n\n{closest}\n\n[1] The Moon")


def test_a_refusal_without_passages_is_one_sentence() -> None:
    assert answer_text(Answer("q", "none", (), (), "b", 0.0), colour=False) == "The articles do not say."


def test_help_is_its_text_with_examples_below() -> None:
    told = Help("help", "Ask in plain words.", ("What is dry?",))
    text = answer_text(Answer("q", "none", (), (), "b", 0.0, help=told), colour=False)
    assert text == "Ask in plain words.\n    What is dry?"


def test_a_list_shows_its_articles_by_number_and_which_of_all_they_are() -> None:
    article = ListedArticle("a", "A", "", "2025", "/articles/a", "Soil is dry.", 0, 12)
    listing = Listing("list", "There are 43 articles.", 43, (article,), offset=20, more=True)
    named = (Mention("listing", "list", "list articles"),)
    text = answer_text(Answer("q", "answer", (), (), "b", 0.0, preferences=named, listing=listing), colour=False)
    assert text == (
        "Counted in the index, not searched (not so with --ignore listing:list)\n\n"
        "There are 43 articles.\n\n"
        "[21] A, 2025\n    Soil is dry.\n    /articles/a\n\n"
        "21 to 21 of 43"
    )


def test_where_no_article_is_meant_the_sentence_says_all() -> None:
    listing = Listing("count", "No article mentions “zips”.", 0)
    assert answer_text(Answer("q", "none", (), (), "b", 0.0, listing=listing), colour=False) == listing.text


def test_topics_are_shown_with_their_numbers_of_articles() -> None:
    listing = Listing("topics", "3 articles in 1 folder:", 3, topics=(Topic("garden", 3),))
    text = answer_text(Answer("q", "answer", (), (), "b", 0.0, listing=listing), colour=False)
    assert text == "3 articles in 1 folder:\n\n    garden (3)"


def test_a_text_that_stands_elsewhere_too_names_the_other_articles() -> None:
    links = (ArticleLink("a", "A", "/articles/a"), ArticleLink("b", "B", "/articles/b"))
    text = answer_text(Answer("q", "answer", (replace(CITATION, also_in=links),), (), "b", 0.0), colour=False)
    assert "    also in: A; B\n" in text


def test_what_filters_left_nothing_of_is_told() -> None:
    text = answer_text(Answer("q", "none", (), (), "b", 0.0, notes=("filters_empty",)), colour=False)
    assert text == "No article passes the filters: widen them.\n\nThe articles do not say."


def test_words_that_were_read_as_others_are_told_with_the_option_that_ends_it() -> None:
    read = {"Lavneder": "Lavender", "bazalt": "basalt"}
    text = answer_text(Answer("q", "answer", (CITATION,), (), "b", 0.0, respelled=read), colour=False)
    assert text.startswith(
        "Read “Lavneder” → “Lavender”, “bazalt” → “basalt” (not so with --ignore spelling)\n\n[1] The Moon"
    )


def test_numbers_and_names_that_no_passage_holds_are_told() -> None:
    text = answer_text(Answer("q", "answer", (CITATION,), (), "b", 0.0, absent=("2.69", "Moderna")), colour=False)
    assert text.startswith("None of these passages holds 2.69, Moderna.\n\n[1] The Moon")


def test_what_was_put_first_is_told_with_the_option_that_ends_it() -> None:
    named = (Mention("published", "2025-01", "Jan 2025"), Mention("publisher", "People's Daily", "People’s Daily"))
    text = answer_text(Answer("q", "answer", (CITATION,), (), "b", 0.0, preferences=named), colour=False)
    assert text.startswith(
        "Jan 2025 first (not so with --ignore published:2025-01)\n\n"
        """People’s Daily first (not so with --ignore 'publisher:People'"'"'s Daily')\n\n[1] The Moon"""
    )
