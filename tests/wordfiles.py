"""Word documents of any elements, and a walk over all elements of their parts that carry text."""

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from index.articles.article import visible
from index.reading.formats.docx import docx_extract
from index.reading.formats.extract import Extract
from tests.files import with_part, word

BODY, NUMBERING = "word/document.xml", "word/numbering.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
READ = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*|comments)\.xml")
SEEN = "Seen."
PLAIN = word([("Normal", SEEN)])
SPACES = (
    f'xmlns:m="{OFFICE}/math" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
)


def walked(raw: bytes) -> int:
    """The visible characters of all elements that carry text, without the copies for old programs."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = [etree.fromstring(archive.read(name)) for name in archive.namelist() if READ.fullmatch(name)]
    return sum(visible(text) for part in parts for text in _texts(part))


def _texts(part: etree._Element) -> Iterator[str]:
    for element in part.iter("*"):
        name, value = etree.QName(element).localname, element.get(element.tag.partition("}")[0] + "}val", "")
        if next(element.iterancestors("{*}Fallback"), None) is not None:
            continue
        if name in ("t", "delText"):
            yield element.text or ""
        elif name in ("sym", "noBreakHyphen", "checkBox"):
            yield "x"
        elif name == "textpath":
            yield element.get("string", "")
        elif name == "result":
            yield element.getparent().findall("{*}listEntry")[int(value)].get(f"{element.tag[:-6]}val", "")


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def raised(text: str) -> str:
    return run(text, '<w:vertAlign w:val="superscript"/>')


def symbol(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def form(data: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'


def letters(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def formula(shape: str, properties: str = "", **parts: str) -> str:
    inside = "".join(f"<m:{name}>{content}</m:{name}>" for name, content in parts.items())
    return f"<m:{shape}><m:{shape}Pr>{properties}</m:{shape}Pr>{inside}</m:{shape}>"


def in_body(xml: str, raw: bytes = PLAIN) -> bytes:
    """A document with elements after its first paragraph."""
    raw = with_part(raw, BODY, b"<w:sectPr", f"{xml}<w:sectPr".encode())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        root = re.search(b"<w:document [^>]*>", archive.read(BODY))
    assert root
    missing = "".join(
        part for part in re.findall(r'xmlns:\w+="[^"]*" ', SPACES) if part.strip().encode() not in root[0]
    )
    return with_part(raw, BODY, b"<w:document ", f"<w:document {missing}".encode())


def check(raw: bytes, texts: list[str], skipped: dict[str, int], lost: int = 0) -> Extract:
    extract = docx_extract(raw)
    assert [text for _, text in extract.blocks] == [SEEN, *texts]
    assert dict(extract.skipped) == skipped
    kept = sum(visible(text) for _, text in extract.blocks) - extract.repeated
    assert extract.characters == walked(raw) == kept + sum(extract.skipped.values()) + lost
    return extract
