import re
from cProfile import Profile
from dataclasses import replace

import pytest

from app.answering.language import chosen
from app.web.article_page import Link, article_page
from app.web.pages import Site
from index.articles.article import Article, BlockKind, Place, Source, join_blocks

SITE = Site("Site", "", chosen())
TEXT, BLOCKS = join_blocks(
    [
        ("heading", "Tea"),
        ("paragraph", "Green tea is not fermented. Black tea is."),
        ("item", "Leaf"),
        ("item", "Bud"),
        ("code", "a <b>\nc"),
    ]
)
TEA = Article(
    "tea", "Tea", TEXT, BLOCKS, "", sources=(Source("Leaves", "Garden", "2024", "https://garden.example/a?b=1&c"),)
)


def body(html: str) -> str:
    """Content of the page's article element, without line breaks between elements."""
    return re.sub(r">\s+<", "><", html.split("<article>")[1].split("</article>", maxsplit=1)[0]).strip()


def test_an_article_is_shown_block_by_block_and_its_title_once() -> None:
    assert body(article_page(TEA, SITE, Link(), "verified")) == (
        "<p><bdi>Green tea is not fermented. Black tea is.</bdi></p>"
        "<ul><li><bdi>Leaf</bdi></li><li><bdi>Bud</bdi></li></ul>"
        "<pre><bdi>a &lt;b&gt;<br>c</bdi></pre>"
    )


def test_a_page_that_a_program_has_read_from_a_picture_says_so() -> None:
    scanned = replace(TEA, pages=(0, 4), recognised=(2,))
    assert re.findall(r'<p class="page">(.*?)</p>', article_page(scanned, SITE, Link(), "verified")) == [
        "Page 1",
        "Page 2, recognised from a picture",
    ]
    assert [scanned.is_recognised(*span) for span in ((0, 4), (0, 5), (4, 9))] == [False, True, True]


def test_the_passage_is_set_apart_and_its_sentence_marked() -> None:
    page = article_page(TEA, SITE, Link("4", "50", "32-45"), "verified")
    assert body(page).startswith(
        '<p class="quoted" id="passage"><bdi>Green tea is not fermented. <mark>Black tea is.</mark></bdi></p>'
        '<ul><li class="quoted"><bdi>Leaf</bdi></li><li><bdi>Bud</bdi></li></ul>'
    )


def test_slides_are_named_where_they_begin_and_rows_where_the_page_opens() -> None:
    text, blocks = join_blocks([("heading", "Tea"), ("paragraph", "Green."), ("row", "Tea: 1"), ("row", "Tea: 2")])
    places = ((0, Place("slide", 1)), (11, Place("sheet", 2, "<b>")), (18, Place("sheet", 3, "<b>")))
    page = article_page(Article("a", "A", text, blocks, "", places=places), SITE, Link("18", "24"), "verified")
    assert body(page) == (
        '<p class="page">Slide 1</p><h2><bdi>Tea</bdi></h2><p><bdi>Green.</bdi></p><p><bdi>Tea: 1</bdi></p>'
        '<p class="page">Sheet &lt;b&gt;, row 3</p>'
        '<p class="quoted" id="passage"><bdi><mark>Tea: 2</mark></bdi></p>'
    )


def test_without_a_sentence_the_whole_passage_is_marked() -> None:
    page = article_page(TEA, SITE, Link("32", "50"), "verified")
    assert re.findall(r"<mark>(.*?)</mark>", page) == ["Black tea is.", "Leaf"]


def test_a_passage_that_begins_with_the_title_keeps_it() -> None:
    assert '<h2 class="quoted" id="passage"><bdi><mark>Tea</mark></bdi></h2>' in article_page(
        TEA, SITE, Link("0", "3"), "verified"
    )


@pytest.mark.parametrize(
    ("start", "end"), [("5", "5"), ("9", "4"), ("0", "99999"), ("-1", "4"), ("a", "b"), ("", "4"), ("1" * 30, "2" * 30)]
)
def test_a_place_that_the_article_does_not_have_is_told_and_the_article_shown(start: str, end: str) -> None:
    page = article_page(TEA, SITE, Link(start, end), "verified")
    assert "The place this link names is not in the article." in page
    assert "<mark>" not in page
    assert "Green tea is not fermented." in page


@pytest.mark.parametrize("mark", ["", "5", "9-4", "a-b", "0-99999", '"><script>'])
def test_a_sentence_that_cannot_be_found_leaves_the_passage_marked(mark: str) -> None:
    assert re.findall(r"<mark>(.*?)</mark>", article_page(TEA, SITE, Link("32", "45", mark), "verified")) == [
        "Black tea is."
    ]


def test_the_sources_are_listed_with_their_links() -> None:
    page = article_page(TEA, SITE, Link(), "verified")
    assert '<a href="https://garden.example/a?b=1&amp;c" rel="noopener noreferrer" target="_blank">' in page
    assert "<bdi>Leaves</bdi></a>, <bdi>Garden</bdi>, 2024" in page


def test_nothing_of_an_article_becomes_markup() -> None:
    hostile = "<script>alert(1)</script>"
    text, blocks = join_blocks([("paragraph", hostile)])
    article = Article("x", hostile, text, blocks, "", hostile, "2024", "", (Source(hostile, hostile),))
    page = article_page(article, Site(hostile, "", chosen()), Link("0", "5", "0-3"), "verified")
    assert "<script>" not in page
    assert (
        page.count("alert(1)") == 12
    )  # tab, site name twice, heading, publisher, text, source twice; the same but the text to copy


ROWS: list[tuple[BlockKind, str]] = [
    ("heading", "Zones"),
    ("row", "Year: 2024; Zones: <b>"),
    ("row", "Year: 2025; Zones: 178"),
    ("row", "Odd: 1"),
]
HEAD = '<div class="table" tabindex="0"><table><thead><tr><th scope="col">'


def test_rows_of_a_table_are_a_table_with_the_cited_row_marked_and_its_passage_set_apart() -> None:
    text, blocks = join_blocks(ROWS)
    start, end = text.index("Year: 2025"), text.index("\nOdd")
    link = Link("6", str(end), f"{start}-{end}", f"{end - 3}-{end}")
    assert body(article_page(Article("zones", "", text, blocks, ""), SITE, link, "verified")) == (
        f'<h2><bdi>Zones</bdi></h2>{HEAD}Year</th><th scope="col">Zones</th></tr></thead><tbody>'
        '<tr class="quoted" id="passage"><td>2024</td><td>&lt;b&gt;</td></tr>'
        '<tr class="asked quoted"><td><mark>2025</mark></td><td><mark><strong>178</strong></mark></td></tr>'
        f"</tbody></table></div>{HEAD}Odd</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></div>"
    )


def test_a_table_ends_where_a_page_ends_and_only_the_first_row_of_a_passage_is_its_place() -> None:
    text, blocks = join_blocks([("paragraph", "Zones"), ROWS[1], ROWS[2]])
    article = Article("zones", "", text, blocks, "", pages=(0, blocks[2].start))
    page = article_page(article, SITE, Link("0", str(len(text))), "verified")
    assert re.findall(r'<p class="page">(.*?)</p>|(<table>)|<(\w+)[^>]* id="passage"', page) == [
        ("Page 1", "", ""),
        ("", "", "p"),
        ("", "<table>", ""),
        ("Page 2", "", ""),
        ("", "<table>", ""),
    ]


def calls(count: int, piece: tuple[BlockKind, str]) -> int:
    """Calls of functions while the page of so many blocks is made, the last half of which is cited."""
    text, blocks = join_blocks([piece] * count)
    article, link = Article("x", "", text, blocks, ""), Link(str(len(text) // 2), str(len(text)))
    profile = Profile()
    profile.runcall(article_page, article, SITE, link, "verified")
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("piece", [("item", "Tea"), ("row", "Year: 2025; Zones: 178")])
def test_twice_the_blocks_take_twice_the_work(piece: tuple[BlockKind, str]) -> None:
    calls(10, piece)  # the template is read once
    once, twice, four_times = (calls(count, piece) for count in (200, 400, 800))
    assert four_times - twice == pytest.approx(2 * (twice - once), rel=0.01)
