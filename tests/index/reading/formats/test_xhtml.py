import pytest

from index.errors import BadArticle
from index.reading.formats.xhtml import xhtml_extract

PAGE = """<?xml version="1.0"?><!DOCTYPE html [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Tides</title><script src="a.js"/></head>
<body><article itemprop="articleBody"><h1>Tides</h1>
<p>One &secret; <a id="n"/>two, <![CDATA[<b> & c]]> and<br/>more.</p>
<div class='x>y'/><p>End.</p></article></body></html>
"""


def test_an_element_that_ends_at_once_holds_nothing_and_entities_of_the_page_stay_unresolved() -> None:
    extract = xhtml_extract(PAGE)
    blocks = [("heading", "Tides"), ("paragraph", "One &secret; two, <b> & c and\nmore."), ("paragraph", "End.")]
    assert (extract.blocks, extract.header.title, extract.skipped) == (blocks, "Tides", {})


def test_open_quotes_take_linear_time() -> None:
    with pytest.raises(BadArticle, match=r"\Aa tag has over 1,000 attributes. Save a simpler copy\Z"):
        xhtml_extract("<p>Text</p>" + '<a "' * 20_000 + "<i/>")
