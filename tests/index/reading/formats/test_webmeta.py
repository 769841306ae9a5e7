import pytest
from lxml.html import document_fromstring

from index.reading.formats.extract import Header
from index.reading.formats.webmeta import webpage_header


def header(head: str, body: str = "x") -> Header:
    return webpage_header(document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"))[0]


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2026-01-27T23:00:00+08:00">', "2026-01-27"),
        ('<meta name="pubdate" content="2026/1/7">', "2026-01-07"),
        ('<meta name="publishdate" content="2026年1月7日">', "2026-01-07"),
        ('<meta itemprop="datePublished" content="January 27, 2026">', "2026-01-27"),
        (linked('{"@type": ["NewsArticle"], "datePublished": "2026-01-27"}'), "2026-01-27"),
        (linked('[{"@graph": [{"@type": "BlogPosting", "datePublished": "2026-01-27"}]}]'), "2026-01-27"),
        (linked('{"@type": "Event", "datePublished": "2026-01-27"}'), ""),
        (linked('{"datePublished": '), ""),
        (linked("[" * 100_000), ""),
        ('<meta name="date" content="2026-01-27">', ""),
        ('<meta property="article:modified_time" content="2026-01-27">', ""),
        ('<meta name="pubdate" content="2026-02-30">', ""),
        ('<meta name="pubdate" content="soon">', ""),
    ],
)
def test_only_a_declared_day_of_publication_is_a_date(head: str, published: str) -> None:
    assert header(head).published == published


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ('<time itemprop="datePublished" datetime="2026-01-27T08:00">today</time>', "2026-01-27"),
        ('<time pubdate datetime="2026-01-27">today</time>', "2026-01-27"),
        ('<time datetime="2026-01-27">the day of the conference</time>', ""),
    ],
)
def test_a_time_in_the_text_is_a_date_of_publication_only_where_it_says_so(body: str, published: str) -> None:
    assert header("", body).published == published


def test_days_that_disagree_give_none_and_are_named() -> None:
    head = '<meta name="pubdate" content="2026-01-27"><meta name="dc.date" content="2026-01-28">'
    found, notes = webpage_header(document_fromstring(f"<html><head>{head}</head><body>x</body></html>"))
    assert (found.published, notes) == ("", ["declared dates disagree (2026-01-27, 2026-01-28); left out"])


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ports | Tidewire</title>", "<h1>Ports</h1>", "Ports"),
        ("<title>New ports | Tidewire</title>", "<h1>New ports</h1>", "New ports"),
        ("<title>A</title><meta property='og:title' content='B'>", "", "B"),
        ("<title>A</title>" + linked('{"@type": "Article", "headline": "C  d"}'), "", "C d"),
        ("", "<h1>Only <i>heading</i></h1>", "Only heading"),
        ("", "<h1>One</h1><h1>Two</h1>", ""),
    ],
)
def test_the_title_is_the_declared_one_without_the_sites_name(head: str, body: str, title: str) -> None:
    assert header(head, body or "x").title == title


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        ('<meta property="og:site_name" content=" Tide  wire ">', "Tide wire"),
        (linked('{"@type": "Article", "publisher": [{"name": "Quay"}]}'), "Quay"),
        (linked('{"@type": "Article", "publisher": "Quay"}'), "Quay"),
        (linked('{"@type": "Article", "publisher": {"name": 5}}'), ""),
        ("<title>News - Tidewire</title>", ""),
    ],
)
def test_the_publisher_is_declared_or_empty(head: str, publisher: str) -> None:
    assert header(head).publisher == publisher


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://a.example/x">', "https://a.example/x"),
        (
            '<link rel="canonical" href="/x"><meta property="og:url" content="https://a.example/y">',
            "https://a.example/y",
        ),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
    ],
)
def test_the_address_is_a_whole_one_of_the_web(head: str, url: str) -> None:
    assert header(head).url == url


@pytest.mark.parametrize(("lang", "language"), [("en-GB", "en"), ("zh_CN", "zh"), ("", ""), ("x", ""), ("<b>", "")])
def test_the_language_is_the_pages_code(lang: str, language: str) -> None:
    tree = document_fromstring("<html><body>x</body></html>")
    tree.set("lang", lang)
    assert webpage_header(tree)[0].language == language
