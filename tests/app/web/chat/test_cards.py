import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from app.answering.answer import Answer
from app.answering.citation import Citation
from app.answering.language import chosen
from app.answering.ways.way import Mention
from app.terminal import answer_text
from app.web.chat.cards import answer_html, message_html
from index.articles.article import Source

HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(1)> "quoted" & $$x^2$$'
ENGLISH = chosen("", "en")
CITATION = Citation(
    number=1,
    article="moon",
    title="The Moon",
    publisher="Night Sky Notes",
    published="2024-06-25",
    sources=(Source("Sample return", "Space Agency", "2024-06", "https://space.example/return?a=1&b=2"),),
    url=None,
    page=None,
    place=None,
    start=0,
    end=20,
    quote="Soil is dry. It is.",
    highlight=((0, 12),),
    answer=(),
    rows=(),
    score=1.0,
    link="/articles/moon?start=0&end=20#passage",
    receipt="verified",
)


def answer(*citations: Citation) -> Answer:
    return Answer("q", "answer" if citations else "none", citations, (), "b", 0.0)


class Parsed(HTMLParser):
    """Tags and visible text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_card_shows_number_title_publisher_date_quote_sources_and_links() -> None:
    parsed = Parsed(answer_html(answer(CITATION), ENGLISH))
    assert parsed.text == (
        "Soil is dry.The Moon 2024-06-25"
        "Why this passage?based on Space AgencySample return, Space Agency, 2024-06"
        "1 Open the article hereChecked now: the file still says so"
    )
    assert parsed.links == [CITATION.link, "https://space.example/return?a=1&b=2", CITATION.link]


def test_nothing_of_an_article_becomes_markup() -> None:
    source = Source(HOSTILE, HOSTILE, HOSTILE, "https://space.example/")
    hostile = replace(
        CITATION,
        title=HOSTILE,
        publisher=HOSTILE,
        published=HOSTILE,
        quote=HOSTILE,
        highlight=((3, 9),),
        sources=(source,),
    )
    other = replace(hostile, number=2, article="other", publisher="P")
    plain = Parsed(answer_html(answer(CITATION, replace(CITATION, number=2, article="other", publisher="P")), ENGLISH))
    parsed = Parsed(answer_html(answer(hostile, other), ENGLISH))
    assert set(parsed.tags) == {*plain.tags, "details", "summary"}
    assert parsed.text.count(HOSTILE) == 14


def test_nothing_of_a_question_becomes_markup() -> None:
    parsed = Parsed(message_html(HOSTILE))
    assert (parsed.tags, parsed.text) == (["p"], HOSTILE)


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_no_line_break_of_any_kind_ends_the_html_of_a_question(line_break: str) -> None:
    html = message_html(f"one{line_break}{line_break}![x](http://elsewhere.example/x) two")
    assert html == '<p class="notice">one<br>![x](http://elsewhere.example/x) two</p>'


def chip(key: str, heard: str, html: str, kind: str = "chip") -> str:
    heard = f'<span class="heard">{heard} </span>'
    return f'<button class="{kind}" value="{key}">{heard}<span class="label">{html}</span></button>'


def test_the_questions_it_was_read_after_are_a_chip_that_leaves_them_out() -> None:
    html = answer_html(replace(answer(CITATION), history_used=("First?", "<b>?")), ENGLISH)
    asked = "Read after “<bdi>First?</bdi>” “<bdi>&lt;b&gt;?</bdi>”"
    assert f'<p class="chips">{chip("history", "Leave out:", asked)}</p>' in html


def test_each_preference_is_a_chip_and_so_is_each_that_was_left_out() -> None:
    preferred = (
        Mention("published", "2025-01", "January 2025"),
        Mention("publisher", '"<b>', "<B>"),
    )
    found = replace(answer(CITATION), preferences=preferred)
    html = answer_html(found, ENGLISH, ignored={"publisher:A & B\n\n<i>", "history"})
    assert (
        '<p class="chips">'
        + chip("published:2025-01", "Leave out:", "<bdi>January 2025</bdi> first")
        + chip("publisher:&#34;&lt;b&gt;", "Leave out:", "<bdi>&lt;B&gt;</bdi> first")
        + chip("history", "Take back:", "Read alone, not after what was asked before", "chip off")
        + chip(
            "publisher:A &amp; B<br>&lt;i&gt;",
            "Take back:",
            "Not so: <bdi>A &amp; B<br>&lt;i&gt;</bdi> first",
            "chip off",
        )
        + "</p>"
    ) in html
    assert "优先：<bdi>January 2025</bdi>" in answer_html(found, chosen("zh"))


def test_words_that_were_read_as_others_are_a_chip_that_can_be_taken_back() -> None:
    html = answer_html(replace(answer(CITATION), respelled={"<b>": "Bee"}, history_used=("First?",)), ENGLISH)
    read = "Read “<bdi>&lt;b&gt;</bdi>” → “<bdi>Bee</bdi>”"
    assert f'<p class="chips">{chip("spelling", "Leave out:", read)}<button class="chip" value="history">' in html
    literal = answer_html(answer(CITATION), ENGLISH, ignored={"spelling"})
    off = chip("spelling", "Take back:", "Words read as they are spelt", "chip off")
    assert f'<p class="chips">{off}</p>' in literal


def test_numbers_and_names_that_no_passage_holds_are_told() -> None:
    found = replace(answer(CITATION), absent=("2.69", "<b>"))
    told = "None of these passages holds <bdi>2.69</bdi>, <bdi>&lt;b&gt;</bdi>."
    assert f'<p class="context">{told}</p>' in answer_html(found, ENGLISH)
    assert "这些段落都没有提到 <bdi>2.69</bdi>" in answer_html(found, chosen("zh"))


def test_an_answer_that_was_read_with_nothing_else_has_no_chip() -> None:
    assert "chip" not in answer_html(answer(CITATION), ENGLISH)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("en", "No word of the question stands in the articles: these passages are near in meaning alone."),
        ("zh", "问题中没有一个词出现在文章里：这些段落只是意思相近。"),
    ],
)
def test_a_note_is_a_quiet_line_in_the_reader_s_language(code: str, line: str) -> None:
    html = answer_html(replace(answer(CITATION), notes=("keywords_silent",)), chosen(code))
    assert f'<p class="context">{line}</p>' in html


def test_an_answer_is_one_line_whatever_the_quote_holds() -> None:
    quote = "Heading\n\nFirst.\n\n\nSecond."
    html = answer_html(answer(replace(CITATION, title="A\n\nB", quote=quote, highlight=((9, 15),), answer=())), ENGLISH)
    assert "\n" not in html
    assert '<div class="lead">First.</div>' in html
    passage = answer_html(replace(answer(), closest=(replace(CITATION, quote=quote, highlight=((9, 15),)),)), ENGLISH)
    assert "<p>Heading<br><br><mark>First.</mark><br><br><br>Second.</p>" in passage


def test_three_cards_are_open_and_the_others_folded() -> None:
    cards = [replace(CITATION, number=number, article=f"a{number}", sources=()) for number in range(1, 6)]
    html = answer_html(answer(*cards), ENGLISH)
    shown, folded = html.split('<details class="more">')
    assert shown.count('class="card') == 3
    assert folded.startswith("<summary>2 more passages</summary>")
    assert folded.count('class="card') == 2


def test_passages_of_one_article_share_a_card_and_its_title() -> None:
    of = {1: "a", 2: "b", 3: "a"}
    cards = [replace(CITATION, number=number, article=name, title=name) for number, name in of.items()]
    html = answer_html(answer(*cards), ENGLISH)
    assert html.count('class="card') == 2
    assert re.findall(r'class="number">(\d)', html) == ["1", "3", "2"]
    assert re.findall(r'class="title"[^>]*><bdi>(\w)', html) == ["a", "b"]


def test_a_publisher_is_named_only_where_the_passages_differ_in_it() -> None:
    other = replace(CITATION, number=2, article="other")
    assert "Night Sky Notes" not in answer_html(answer(CITATION, other), ENGLISH)
    assert "Night Sky Notes" in answer_html(answer(CITATION, replace(other, publisher="P")), ENGLISH)


def test_a_receipt_stands_once_unless_a_file_has_changed() -> None:
    other = replace(CITATION, number=2, article="other")
    assert answer_html(answer(CITATION, other), ENGLISH).count('class="receipt verified"') == 1
    html = answer_html(answer(CITATION, replace(other, receipt="changed")), ENGLISH)
    assert re.findall('class="receipt [a-z]+">([^<]*)', html) == ["The file has changed this very moment"]


def test_more_than_two_publishers_are_counted() -> None:
    sources = tuple(Source(f"T{number}", f"P{number}") for number in range(5))
    html = answer_html(answer(replace(CITATION, sources=sources)), ENGLISH)
    assert "<summary>based on <bdi>P0</bdi>, <bdi>P1</bdi> and 3 more</summary>" in html


def test_a_refusal_says_so_and_folds_the_closest_passages_if_there_are_any() -> None:
    said = '<section class="answer"><p class="no-answer">The articles do not say.</p>'
    assert answer_html(Answer("q", "none", (), (), "b", 0.0), ENGLISH) == f"{said}</section>"
    assert (
        f'{said}<details class="closest"><summary>Closest passages</summary><p class="context">'
        'These are only the nearest passages; they do not answer the question.</p><article class="card">'
    ) in answer_html(Answer("q", "none", (), (CITATION,), "b", 0.0), ENGLISH)


@pytest.mark.parametrize(
    ("code", "warning"),
    [("en", "The articles may not answer this. The nearest passages:"), ("zh", "文章中可能没有答案。最接近的段落：")],
)
def test_related_passages_are_open_as_citations_are_in_one_box_with_a_warning_before_them(
    code: str, warning: str
) -> None:
    cards = tuple(replace(CITATION, number=number, article=f"a{number}") for number in range(1, 6))
    html = answer_html(Answer("q", "related", (), cards, "b", 0.0), chosen("", code))
    before = f'<section class="answer"><div class="closest"><p class="no-answer">{warning}</p><article class="card">'
    assert html.startswith(before)
    assert html.count('class="card"') == 5
    assert 'class="lead"' not in html


def test_no_answer_and_no_refusal_says_a_number_that_looks_like_certainty() -> None:
    sure = replace(CITATION, score=0.734321)
    refused = replace(answer(), closest=(sure,), support=0.734321)
    for found in (answer(sure), refused, replace(refused, verdict="related")):
        shown = answer_html(found, ENGLISH) + answer_html(found, chosen("zh")) + answer_text(found, colour=False)
        assert re.findall(r"[%％]|百分|分数|percent|score|confiden|0\.7|73", shown) == []
