"""Lists of articles and topics as the chat shows them."""

from dataclasses import replace

from markupsafe import escape

from app.answering.conversation.smalltalk import Help
from app.answering.inventory.listing import ListedArticle, Listing, Topic
from app.answering.language import chosen
from app.answering.links import ArticleLink
from app.web.chat.cards import answer_html
from tests.app.web.chat.test_cards import CITATION, ENGLISH, HOSTILE, answer


def test_a_list_shows_its_articles_and_what_follows_all_escaped() -> None:
    article = ListedArticle("a", "<b>", "P & Q", "2025", "/ask/articles/a?x=1&y=2", HOSTILE, 0, len(HOSTILE))
    listing = Listing("list", "3 <articles>", 22, (article,), offset=20, more=True)
    html = answer_html(replace(answer(), listing=listing), chosen("zh"), "/ask")
    assert html == (
        '<section class="answer"><p class="summary">3 &lt;articles&gt;</p><ol class="listed" start="21">'
        '<li><a href="/ask/articles/a?x=1&amp;y=2&amp;language=zh" target="_blank"><bdi>&lt;b&gt;</bdi></a> '
        '<span class="about"><bdi>P &amp; Q</bdi> · <bdi>2025</bdi></span>'
        f"<blockquote><bdi>{escape(HOSTILE)}</bdi></blockquote></li></ol>"
        '<p class="context">第 21 至 21 篇，共 22 篇</p>'
        '<p><a href="/ask/articles?language=zh" target="_blank"><bdi>全部文章</bdi></a></p></section>'
    )


def test_a_list_offers_more_while_the_conversation_still_holds_its_question() -> None:
    article = ListedArticle("a", "A", "", "", "/articles/a", "Dry.", 0, 4)
    for offset, offered in ((0, True), (9, True), (10, False)):
        listing = Listing("list", "", 99, (article,), offset=offset, more=True)
        html = answer_html(replace(answer(), listing=listing), ENGLISH)
        assert ('<button class="example">More articles</button>' in html) == offered


def test_topics_are_shown_with_their_numbers_of_articles() -> None:
    listing = Listing("topics", "2 topics", 1_234, topics=(Topic("<a>", 1_234), Topic("b", 1)))
    html = answer_html(replace(answer(), listing=listing), ENGLISH)
    assert '<ul class="topics"><li><bdi>&lt;a&gt;</bdi> (1,234)</li><li><bdi>b</bdi> (1)</li></ul>' in html


def test_a_text_that_stands_elsewhere_too_names_the_other_articles() -> None:
    links = (ArticleLink("a", "<b>", "/articles/a"), ArticleLink("b", "B", "/articles/b"))
    html = answer_html(answer(replace(CITATION, also_in=links)), ENGLISH)
    assert (
        '<p class="also">also in: <a href="/articles/a" target="_blank"><bdi>&lt;b&gt;</bdi></a>, '
        '<a href="/articles/b" target="_blank"><bdi>B</bdi></a></p>'
    ) in html
    assert "also" not in answer_html(answer(CITATION), ENGLISH)


def test_help_offers_examples_all_escaped() -> None:
    html = answer_html(replace(answer(), help=Help("help", "1 & 2", ("<i>?",))), chosen("zh"), "/ask")
    assert html == (
        '<section class="answer"><p>1 &amp; 2</p>'
        '<ul class="examples"><li><button class="example">&lt;i&gt;?</button></li></ul></section>'
    )
