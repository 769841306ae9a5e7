import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header
from index.reading.formats.webpage import webpage_extract
from tests.newspages import AGENCY, MAGAZINE, PORTAL

TEXT = "The harbour was dredged for the first time in a generation, and ships came in on the tide. "


def is_whole(extract: Extract) -> bool:
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    return extract.characters == kept + sum(extract.skipped.values())


def body(html: str) -> list[tuple[str, str]]:
    return list(webpage_extract(f"<html><body><article>{html}</article></body></html>").blocks)


@pytest.mark.parametrize(
    "attribute",
    ["id='share-capital'", "class='social-policy'", "id='related-parties'", "class='ads-revenue'", "class='consent'"],
)
def test_a_part_that_says_something_stays_although_its_name_begins_like_furniture(attribute: str) -> None:
    said = "The owners of the harbour raised its capital to 40 million in the autumn of that year."
    found = body(f"<p>{TEXT * 4}</p><section {attribute}><h2>Capital</h2><p>{said}</p></section>")
    assert found[1:] == [("heading", "Capital"), ("paragraph", said)]


@pytest.mark.parametrize(
    "furniture",
    [
        "<div class='share'>Share this page</div>",
        "<div class='related-links'><h2>Read more</h2><a href='/b'>A bridge opens</a></div>",
        "<div class='cookie-banner'>We keep cookies on your machine in order to know you again next time.</div>",
        "<div class='social-bar'><button>Post</button> <button>Send</button></div>",
    ],
)
def test_links_buttons_and_banners_inside_an_article_are_skipped_and_counted(furniture: str) -> None:
    page = f"<html><body><article><p>{TEXT * 4}</p>{furniture}</article></body></html>"
    extract = webpage_extract(page)
    assert (len(extract.blocks), is_whole(extract), list(extract.skipped)) == (
        1,
        True,
        ["navigation, forms and the like"],
    )


def test_an_agencys_page_gives_its_article_and_counts_the_rest() -> None:
    extract = webpage_extract(AGENCY)
    assert extract.blocks == [
        ("heading", "Harbour dredged for first time"),
        (
            "paragraph",
            "LISBON, Jan. 26 (Tidewire) -- The harbour was dredged for the first time in a generation, "
            "and ships came in.",
        ),
        ("paragraph", "The port handled 24 million tonnes, the minister said.\nShe named no date."),
        ("paragraph", "Depth by year"),
        ("row", "Year: 2024; Depth: 8 m"),
        ("row", "Year: 2025; Depth: 9 m"),
        ("row", "Year: 2025; Depth: 10 m"),
        ("item", "Lavender Quay"),
        ("item", "Ivy Quay"),
    ]
    url = "https://tidewire.example/2026/harbour"
    assert extract.header == Header("Harbour dredged for first time", "Tidewire", "2026-01-27", url, "en")
    assert extract.skipped == {"navigation, forms and the like": 72}
    assert is_whole(extract)


def test_a_portals_page_in_layout_tables_gives_its_article() -> None:
    extract = webpage_extract(PORTAL)
    assert [text[:12] for _, text in extract.blocks][-3:] == [
        "新华社北京1月26日电 ",
        "会议指出，基础研究投入比",
        "会议强调，要坚持教育、科",
    ]
    said = "".join(text for _, text in extract.blocks)
    assert [word for word in ("首页", "分享", "版权") if word in said] == []
    assert extract.header == Header("全国科技工作会议召开", "潮讯网", "2026-01-27", "", "")
    assert is_whole(extract)


def test_a_magazines_page_without_marks_gives_its_article() -> None:
    extract = webpage_extract(MAGAZINE)
    kinds = [kind for kind, _ in extract.blocks]
    assert kinds[-6:] == ["paragraph", "heading", "paragraph", "paragraph", "row", "row"]
    assert extract.blocks[-1] == ("row", "Find: Bell; Weight: 40 kg")
    said = "".join(text for _, text in extract.blocks)
    assert [word for word in ("Subscribe", "Also in", "e-mail") if word in said] == []
    assert extract.header == Header("What the dredgers found", "The Quay Review", "2026-02-03", "", "en")
    assert is_whole(extract)


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("One <b>bold</b>  word<p>Two</p>", [("paragraph", "One bold word"), ("paragraph", "Two")]),
        ("<p>Two</p>three", [("paragraph", "Two"), ("paragraph", "three")]),
        ("<ul><li>One<li>Two<p>more</ul>", [("item", "One"), ("item", "Two"), ("item", "more")]),
        ("<pre>x  = 1\n\ny</pre>", [("code", "x = 1\ny")]),
        ("<h2>Green<br>tea</h2>", [("heading", "Green tea")]),
        ("<p>绿茶不\n发酵。</p>", [("paragraph", "绿茶不发酵。")]),
        ("R&amp;D &lt;b&gt; &nbsp; 5", [("paragraph", "R&D <b> 5")]),
        ("<p>shown</p><p hidden>not</p><p style='display: none'>not</p>", [("paragraph", "shown")]),
        ("<dl><dt>Tea</dt><dd>A leaf</dd></dl>", [("item", "Tea"), ("item", "A leaf")]),
    ],
)
def test_blocks_are_what_a_reader_sees(html: str, blocks: list[tuple[str, str]]) -> None:
    assert body(html) == blocks


def test_a_class_that_the_whole_page_has_hides_nothing() -> None:
    assert body(f"<div class='content share'><p>{TEXT}</p></div>") == [("paragraph", TEXT.strip())]


def test_the_element_that_is_marked_as_the_body_is_the_article() -> None:
    page = f"<body><div>{TEXT}</div><div itemprop='articleBody'><p>Short.</p></div></body>"
    extract = webpage_extract(page)
    assert extract.blocks == [("paragraph", "Short.")]
    assert extract.skipped == {"outside the article": visible(TEXT)}


@pytest.mark.parametrize(
    "page",
    [
        "<body>" + "<div>" * 5_000 + "deep" + "</div>" * 5_000 + "<p>after</p></body>",
        "<body>" + "<b>x" * 50_000,
        f"<body><p>{'word ' * 2_200_000}</p><p>after</p></body>",
    ],
)
def test_a_page_that_the_parser_would_cut_off_is_an_error(page: str) -> None:
    with pytest.raises(BadArticle, match=r"the page cannot be read to its end \(.*\)\. Save a simpler copy"):
        webpage_extract(page)


def test_a_page_of_marks_has_no_text() -> None:
    assert webpage_extract("<html></html>").blocks == []
    with pytest.raises(BadArticle, match="no text: there is nothing to index but marks"):
        webpage_extract("<!-- nothing -->")


@pytest.mark.slow
def test_a_large_page_takes_seconds() -> None:
    page = "<body>" + "".join(f"<p>{TEXT}{number}</p>\n" for number in range(30_000)) + "</body>"
    began = time.process_time()
    extract = webpage_extract(page)
    assert (len(extract.blocks), is_whole(extract)) == (30_000, True)
    assert time.process_time() - began < 20


def test_cells_that_claim_to_span_millions_take_seconds() -> None:
    page = "<body><table>" + "<tr><td rowspan=9999 colspan=9999>a<td>b</tr>" * 3_000 + "</table></body>"
    began = time.process_time()
    assert len(webpage_extract(page).blocks) == 6_000
    assert time.process_time() - began < 20


_TAGS = "p div span b ul li table tr td th h2 nav aside article section br pre form header footer a".split()
_PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in _TAGS] + ["<div class='share'>", "<!--x-->"]),
    st.sampled_from([f"</{tag}>" for tag in _TAGS]),
    st.text("ab茶 1é\n", max_size=12),
)


@settings(max_examples=150)
@given(st.lists(_PIECES, max_size=40))
def test_every_character_of_any_page_is_in_a_block_or_skipped_for_a_reason(pieces: list[str]) -> None:
    assert is_whole(webpage_extract(f"<html><body>{''.join(pieces)}</body></html>"))
