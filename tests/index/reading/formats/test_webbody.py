import pytest
from lxml.html import document_fromstring

from index.articles.article import visible
from index.reading.formats.webbody import _body, _share, _shares, is_within
from index.reading.formats.webpage import webpage_extract

TEXT = "The harbour was dredged for the first time in a generation, and ships came in on the tide. "
LONG = f"<p>{TEXT * 3}</p><p>{TEXT * 2}</p>"


def chosen(body: str) -> str:
    """The id of the element that is taken for the article's, or its tag."""
    root = document_fromstring(f"<html><body>{body}</body></html>").find("body")
    pieces = [(element, element.text) for element in root.iter() if (element.text or "").strip()]
    found = _body(root, pieces, _shares(pieces, body))
    return str(found.get("id") or found.tag)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<div>{LONG}</div><div id=a itemprop='articleBody'><p>Short.</div>", "a"),
        (f"<div>{LONG}</div><div id=a itemprop='name articleBody'><p>Short.</div>", "a"),
        (f"<div id=a itemprop=articleBody> </div><div id=b>{LONG}</div><div id=c>More news</div>", "b"),
        (f"<div id=a><div id=b>{LONG}</div></div><p>Home</p>", "b"),
        (f"<article id=a><p>Lead.</p><div id=b>{LONG}</div></article><p>Home</p>", "a"),
        (f"<div id=b itemprop=articleBodyX>{LONG}</div>", "b"),
        ("<p>x</p>", "body"),
    ],
)
def test_the_articles_element_is_found(body: str, expected: str) -> None:
    assert chosen(body) == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<article id=a><p>One.</article><p>Two.", "a"),
        ("<main id=m><p>One.</main><p>Two.", "m"),
        ("<div id=m role=main><p>One.</div><p>Two.", "m"),
        ("<article id=a><p>One.</article><main id=m>x<article id=b><p>Two.</article></main>", "m"),
        ("<article id=a> </article><p>Two.", "body"),
        ("<main id=m>One.</main><main id=n>Two.</main>", "body"),
    ],
)
def test_on_a_page_of_very_many_tags_its_own_marks_decide(inner: str, expected: str) -> None:
    assert chosen(inner + "<b></b>" * 30_000) == expected


def test_an_element_is_within_itself_and_what_holds_it() -> None:
    root = document_fromstring("<div><p><b>a</b></p><i>b</i></div>")
    bold, italic, paragraph = (next(root.iter(tag)) for tag in ("b", "i", "p"))
    assert [is_within(bold, element) for element in (bold, paragraph, root, italic)] == [True, True, True, False]


def test_two_bodies_are_both_kept() -> None:
    page = f"<div itemprop=articleBody><p>{TEXT}</div><div itemprop=articleBody><p>{TEXT}</div>"
    assert webpage_extract(page).blocks == [("paragraph", TEXT.strip())] * 2


def test_soft_hyphens_hide_no_text_from_the_detection() -> None:
    said = TEXT.replace("harbour", "har\xadbour") * 3
    page = f"<body><p>Home</p><div><p>{said}</p><p>{said}</p><ul><li>{TEXT * 2}</ul></div></body>"
    assert [kind for kind, _ in webpage_extract(page).blocks] == ["paragraph", "paragraph", "item"]


def kept(body: str) -> list[str]:
    return [text for _, text in webpage_extract(f"<html><body>{body}</body></html>").blocks]


STORY = f"<div class=story><p>{TEXT * 3}</p><p>{TEXT * 2}</p>"


def test_a_list_of_links_inside_the_article_is_no_part_of_it() -> None:
    links = "<div class=more><p><a href=/a>A bridge opens</a></p><p><a href=/b>A ferry sinks</a></p></div>"
    page = f"<div>{STORY}</div>{links}{STORY.replace('harbour', 'basin')}</div></div>"
    assert not {"A bridge opens", "A ferry sinks"} & set(kept(page))


def test_a_table_with_its_caption_and_a_long_part_with_its_heading_are_parts_of_the_article() -> None:
    table = "<p>Depth by year</p><table><tr><th>Year<th>Depth<tr><td>2024<td>8 m<tr><td>2025<td>9 m</table>"
    part = f"<section><h3>Capital</h3><p>{TEXT}</p></section>"
    texts = kept(f"<article>{STORY}</div>{table}{part}</article>")
    assert texts[2:] == ["Depth by year", "Year: 2024; Depth: 8 m", "Year: 2025; Depth: 9 m", "Capital", TEXT.strip()]


def test_a_short_line_is_detected_as_a_line_and_a_long_one_as_a_part_of_a_line() -> None:
    line = "Theharbourwasdredgedforthefirsttime."
    found = [
        _share(text, frozenset([line]), line) for text in ("Theharbour", "harbour was dredged for the first", line)
    ]
    assert found == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("aside", "is_kept"),
    [
        ("<p><a href=b>Read more: the old quay is sold</a></p>", False),
        ("<div class=author-bio><p>Ann Lee writes about harbours and their boards.</p></div>", False),
        ("<div class=author-lee><p>The board will meet again in the spring of the year.</p></div>", True),
        ("<p>So it stays.</p>", True),
    ],
)
def test_a_paragraph_that_leads_away_or_is_about_the_author_is_counted_outside(aside: str, is_kept: bool) -> None:
    extract = webpage_extract(f"<body><article><h1>Quay</h1>{LONG}{aside}{LONG}</article>")
    said = visible("".join(document_fromstring(aside).itertext()))
    assert (sum(extract.skipped.values()), len(extract.blocks)) == ((0, 6) if is_kept else (said, 5))


def test_what_stands_like_the_article_after_it_stays_and_a_second_title_does_not() -> None:
    page = f"<body><main><h1>Quay</h1>{LONG}<p>So it stays.</p></main><section><h1>Most read</h1></section>"
    assert [text for _, text in webpage_extract(page).blocks][3:] == ["So it stays."]
