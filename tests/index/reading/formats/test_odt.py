import pytest

from eval.files import packing
from eval.files.packing import ODF_NAMES
from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.odt import odt_extract
from index.reading.formats.parsers import Parsers

STYLES = """
<style:style style:name="Up" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="Low" style:family="text"><style:text-properties style:text-position="sub 58%"/></style:style>
<style:style style:name="Gone" style:family="text"><style:text-properties style:text-line-through-style="solid"/>
</style:style><style:style style:name="Based" style:family="text" style:parent-style-name="Gone"/>
<style:style style:name="Hid" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="Off" style:family="table"><style:table-properties table:display="false"/></style:style>
<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
</text:list-style>
"""


def opendocument(body: str, kind: str = "text", **parts: str) -> bytes:
    """A document with this body; `parts` are more of its parts, without their ending."""
    return packing.opendocument(body, kind, STYLES, parts)


def texts(extract: Extract) -> list[tuple[str, str]]:
    """The blocks of a document whose account adds up."""
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    assert extract.characters == kept + sum(extract.skipped.values())
    assert min([extract.repeated, *extract.skipped.values()]) >= 0
    return list(extract.blocks)


def cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def table(*rows: str) -> str:
    return f"<table:table>{''.join(rows)}</table:table>"


TALL, WIDE = 'table:number-rows-spanned="2"', 'table:number-columns-repeated="2"'
COVERED = "<table:covered-table-cell/>"
NOTE = (
    "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>See below.</text:p></text:note-body>"
    "</text:note>"
)
NESTED = (
    '<text:list text:style-name="L"><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>inner'
    "</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>two</text:p><text:p>more</text:p>"
    "</text:list-item></text:list>"
)


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        (
            '<text:h text:outline-level="1">Plan</text:h><text:p>It  is.</text:p>',
            [("heading", "Plan"), ("paragraph", "It is.")],
        ),
        ('<text:p text:style-name="P1">Plan</text:p>', [("heading", "Plan")]),
        ("<text:p>a<text:tab/>b<text:s text:c='2'/>c<text:line-break/>d</text:p>", [("paragraph", "a b c\nd")]),
        ('<text:p>10<text:span text:style-name="Up">6</text:span> t</text:p>', [("paragraph", "10⁶ t")]),
        ('<text:p>H<text:span text:style-name="Low">2</text:span>O</text:p>', [("paragraph", "H₂O")]),
        (f"<text:p>Words{NOTE} go on.</text:p>", [("paragraph", "Words ¹ go on."), ("paragraph", "See below.")]),
        (NESTED, [("item", "1. one"), ("item", "(a) inner"), ("item", "2. two"), ("item", "more")]),
        (
            "<text:p>a<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>b</text:p>",
            [("paragraph", "ab"), ("paragraph", "box")],
        ),
        ("<text:section><text:p>in</text:p></text:section>", [("paragraph", "in")]),
        (
            table(row(cell("Port"), cell("Ships")), row(cell("Velmora", TALL), cell("24")), row(COVERED, cell("31"))),
            [("row", "Port: Velmora; Ships: 24"), ("row", "Port: Velmora; Ships: 31")],
        ),
        (
            table(row(cell("A"), cell("B"), cell("C")), row(cell("", WIDE), cell("5"))),
            [("row", "A; B; C"), ("row", "C: 5")],
        ),
        (
            table(row(cell("frame")), row(cell("of text"))),
            [("paragraph", "frame"), ("paragraph", "of text")],
        ),
    ],
)
def test_a_document_is_read_in_its_order(body: str, blocks: list[tuple[str, str]]) -> None:
    assert texts(odt_extract(opendocument(body))) == blocks


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("<office:annotation><text:p>Which?</text:p></office:annotation>", "comments"),
        ('<text:span text:style-name="Gone">before</text:span>', "struck text"),
        ('<text:span text:style-name="Based">before</text:span>', "struck text"),
        ("<text:ruby-text>before</text:ruby-text>", "readings of characters"),
        ("<text:placeholder>before</text:placeholder>", "placeholders"),
        ("<draw:frame><svg:desc>A ship.</svg:desc></draw:frame>", "descriptions of pictures"),
    ],
)
def test_what_stands_beside_the_text_is_left_out_and_counted(xml: str, reason: str) -> None:
    extract = odt_extract(opendocument(f"<text:p>Seen {xml}here.</text:p>"))
    assert (texts(extract), extract.skipped) == ([("paragraph", "Seen here.")], {reason: 6})


def test_hidden_and_deleted_text_templates_of_indexes_and_footers_are_counted() -> None:
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p>Seen.</text:p>"
        '<text:p text:style-name="Hid">hush</text:p>'
        '<text:section text:display="none"><text:p>hush</text:p></text:section>'
        "<text:table-of-content><text:table-of-content-source>Contents</text:table-of-content-source>"
        "</text:table-of-content>"
    )
    styles = f"<office:styles {ODF_NAMES}><style:header><text:p>Board</text:p></style:header></office:styles>"
    extract = odt_extract(opendocument(body, styles=styles))
    assert texts(extract) == [("paragraph", "Seen.")]
    assert extract.skipped == {
        "running headers and footers": 5,
        "deleted and hidden text": 12,
        "templates of indexes": 8,
    }


def test_a_formula_and_a_file_in_the_document_are_named() -> None:
    frame = '<draw:frame><draw:object xmlns:x="http://www.w3.org/1999/xlink" x:href="./{}"/></draw:frame>'
    body = f"<text:p>Seen.{frame.format('Object 1')}{frame.format('Object 2')}</text:p>"
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    extract = odt_extract(opendocument(body, **{"Object 1/content": formula}))
    assert extract.missing == ["formulas that are not read: 1. Write them as text"]
    assert extract.notes == ["files inside it that are not read: 1"]


@pytest.mark.parametrize(("title", "said"), [("plan", "plan"), ("Template", "Harbour plan")])
def test_the_title_of_the_file_counts_only_if_the_text_says_it(title: str, said: str) -> None:
    meta = f'<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></m>'
    assert odt_extract(opendocument("<text:h>Harbour plan</text:h>", meta=meta)).header.title == said


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            opendocument("<text:p>a</text:p>")[:-40],
            "no OpenDocument text, or a damaged one: its archive cannot be opened",
        ),
        (opendocument("<text:p>a"), "its part content.xml is damaged. Open it in LibreOffice and save it again"),
        (opendocument("", kind="drawing"), "no OpenDocument text: its archive has no text"),
        (opendocument(" " * 5_000_000), "its 0.0 MB unpack to 5 MB"),
        (opendocument("", **{"META-INF/manifest": "<a encryption-data='1'/>"}), "encrypted. Save it as ODT without"),
        (
            opendocument("", meta='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
            "its part meta.xml decl",
        ),
        (opendocument("<text:section>" * 300 + "</text:section>" * 300), "its part content.xml is damaged"),
    ],
)
def test_a_damaged_locked_or_hostile_document_is_refused_with_a_reason(raw: bytes, reason: str) -> None:
    with Parsers() as parsers, pytest.raises(BadArticle, match=rf"\A{reason}"):
        parsers.extract(".odt", raw)
