"""Links of a page, and entries of a site map: addresses to fetch, not text."""

from collections.abc import Iterator

from lxml import etree, html

from index.errors import BadArticle
from index.reading.formats.extract import Extract

_MOST = 50_000  # addresses


def page_links(content: bytes | str) -> Extract:
    """The addresses that a page links to, an item each; `declared` are the words of its `robots`."""
    try:
        page = html.document_fromstring(content, parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, ValueError):  # an empty page
        return Extract([], 0)
    robots = [str(meta.get("content", "")).lower() for meta in page.iter("meta") if _names_robots(meta)]
    base = next((str(each.get("href")) for each in page.iter("base") if each.get("href")), "")
    links = [("item", link) for link, _ in zip(_links(page), range(_MOST), strict=False)]
    words = [word.strip() for content in robots for word in content.split(",")]
    return Extract([("heading", base), *links], 0, declared=words)  # type: ignore[list-item]


def site_map(content: bytes | str) -> Extract:
    """The addresses of a site map: an item for each page, a heading for each further site map. Raises BadArticle."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadArticle("not a site map: its XML cannot be read") from error
    kinds = {"urlset": ("url", "item"), "sitemapindex": ("sitemap", "heading")}
    if root is None or _local(root) not in kinds:
        raise BadArticle("not a site map: it has no urlset and no sitemapindex")
    entry, kind = kinds[_local(root)]
    found = (
        (loc.text or "").strip()
        for each in root
        if _local(each) == entry
        for loc in each
        if _local(loc) == "loc" and (loc.text or "").strip()
    )
    return Extract([(kind, url) for url, _ in zip(found, range(_MOST), strict=False)], 0)  # type: ignore[misc]


def _links(page: etree._Element) -> Iterator[str]:
    for link in page.iter("a", "area"):
        if (address := link.get("href")) and "nofollow" not in str(link.get("rel", "")).lower().split():
            yield str(address).strip()


def _names_robots(meta: etree._Element) -> bool:
    return str(meta.get("name", "")).lower() in ("robots", "citewell")


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
