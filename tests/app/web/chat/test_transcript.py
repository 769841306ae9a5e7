"""An answer in words alone: what is heard, and Markdown in which no text of an article is markup."""

from dataclasses import replace

import pytest

from app.answering.conversation.smalltalk import Help
from app.answering.inventory.listing import Listing
from app.answering.language import chosen
from app.answering.links import ArticleLink
from app.web.chat.transcript import heard, markdown
from index.articles.article import Place
from tests.app.web.chat.test_cards import CITATION, ENGLISH, answer

BUILD = "Index build b"


def test_the_sentence_that_answers_is_heard_with_its_title_or_else_the_verdict() -> None:
    assert heard(answer(CITATION), ENGLISH) == "Answer: Soil is dry. From “The Moon”."
    assert heard(answer(CITATION), chosen("zh")) == "回答：Soil is dry. 出自“The Moon”。"
    assert heard(answer(), ENGLISH) == "The articles do not say."
    related = replace(answer(), verdict="related", closest=(CITATION,))
    assert heard(related, ENGLISH) == "The articles may not answer this. The nearest passages:"
    assert heard(replace(answer(), help=Help("help", "Ask.", ())), ENGLISH) == "Ask."
    assert heard(replace(answer(), listing=Listing("list", "3 articles.", 3)), ENGLISH) == "3 articles."


def test_markdown_quotes_each_passage_with_source_receipt_and_build() -> None:
    other = replace(CITATION, number=2, place=Place("page", 7), publisher="", receipt="changed", quote="One.\nTwo.")
    assert markdown(answer(CITATION, other), ENGLISH) == "\n\n".join(
        [
            "> Soil is dry. It is.",
            "1. [The Moon](/articles/moon?start=0&end=20#passage), Night Sky Notes, 2024-06-25 "
            "(Checked now: the file still says so)",
            "> One.\n> Two.",
            "2. [The Moon](/articles/moon?start=0&end=20#passage), 2024-06-25, page 7 "
            "(The file has changed this very moment)",
            BUILD,
        ]
    )


def test_markdown_says_why_a_citation_may_be_out_of_date_and_when_a_page_was_fetched() -> None:
    old = replace(CITATION, superseded_by=(ArticleLink("b", "<B>", "/articles/b"),), expired="2025-12-31")
    assert r"superseded by: \<B\>" in markdown(answer(old), ENGLISH)
    assert "valid until December 31, 2025" in markdown(answer(old), ENGLISH)
    assert "(As fetched on January 2, 2026)" in markdown(answer(replace(CITATION, fetched="2026-01-02")), ENGLISH)


def test_a_refusal_says_so_before_the_nearest_passages() -> None:
    refused = markdown(replace(answer(), closest=(CITATION,)), ENGLISH)
    assert refused.startswith("The articles do not say.\n\n> Soil is dry. It is.\n\n1. ")
    assert markdown(replace(answer(), help=Help("help", "*Ask.*", ())), ENGLISH) == r"\*Ask.\*"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("**bold** [x](y) `z` <b> a_b", r"\*\*bold\*\* \[x\](y) \`z\` \<b\> a\_b"),
        ("# title", r"\# title"),
        ("1. item", r"1\. item"),
        ("2) item", r"2\) item"),
        ("- item", r"\- item"),
        ("=== line", r"\=== line"),
        ("3.5 percent", r"3\.5 percent"),
        ("a | b & c $x$ ~d~ \\", r"a \| b \& c \$x\$ \~d\~ \\"),
    ],
)
def test_no_text_of_an_article_is_markdown(text: str, written: str) -> None:
    assert markdown(answer(replace(CITATION, quote=text)), ENGLISH).startswith(f"> {written}\n\n")
    assert f"[{written}](/articles/" in markdown(answer(replace(CITATION, title=text)), ENGLISH)
