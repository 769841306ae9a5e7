"""Web pages in XML (XHTML) to the text of their article."""

import re
from html import escape

from index.reading.formats.extract import Extract
from index.reading.formats.webpage import webpage_extract

_VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
# Possessive and bounded, so that an open quote takes linear time.
_CLOSED = re.compile(
    rf"""<(?!(?:{_VOID})[\s/>])([A-Za-z][\w.-]*+)((?:[^<>"'/]|"[^"<]{{0,4000}}+"|'[^'<]{{0,4000}}+'|/(?!>))*+)/>"""
)
_OWN_ENTITIES = re.compile(r"(<!DOCTYPE[^>\[]{0,1000})\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)
_SECTION = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def xhtml_extract(source: str) -> Extract:
    """The article of a page in XML, as `webpage_extract` for HTML.

    An element such as `<script src="a.js"/>` ends there, while in HTML it would hold the rest of the page.
    Entities that the page defines itself are never resolved. Raises BadArticle as for HTML.
    """
    source = _OWN_ENTITIES.sub(r"\1>", source, count=1)
    source = _SECTION.sub(lambda section: escape(section[1], quote=False), source)
    return webpage_extract(_CLOSED.sub(r"<\1\2></\1>", source))
