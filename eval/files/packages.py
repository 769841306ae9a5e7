"""Files of known content that are packed of several parts: one function a format."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from html import escape

from eval.files.benchmark import Known, Sample
from eval.files.further import letter, plain, strict_page
from eval.files.packing import ODF_NAMES, Fields, opendocument, outlook, packed

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf"/>'
    "</rootfiles></container>"
)
_SUBJECT, _SENDER, _ADDRESS, _TO, _SENT, _BODY = 0x37, 0xC1A, 0x5D01, 0xE04, 0x39, 0x1000  # properties of Outlook
_NAME, _METHOD, _DATA = 0x3707, 0x3705, 0x3701  # those of an attachment


def _document(sample: Sample) -> tuple[bytes, list[Known]]:
    marks = {"heading": "<text:h>{}</text:h>", "paragraph": "<text:p>{}</text:p>"}
    marks["item"] = "<text:list><text:list-item><text:p>{}</text:p></text:list-item></text:list>"
    lines = [marks[kind].format(escape(text)) for kind, text in [("heading", sample.title), *sample.blocks]]
    remark = "<text:p><office:annotation><text:p>A remark.</text:p></office:annotation></text:p>"
    edge = f"<style:footer><text:p>{escape(sample.publisher)}</text:p></style:footer>"
    styles = f"<office:document-styles {ODF_NAMES}>{edge}</office:document-styles>"
    body = f"{''.join(lines)}{remark}<table:table>{_rows(sample)}</table:table>"
    texts = [*plain(sample)[0].text, *sample.table]
    return opendocument(body, "text", parts={"styles": styles}), [Known(sample.title, "", texts)]


def _sheets(sample: Sample) -> tuple[bytes, list[Known]]:
    meta = f'<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(sample.title)}</dc:title></m>'
    shape = "<table:shapes><text:p>A remark.</text:p></table:shapes>"
    body = f'<table:table table:name="{escape(sample.title)}">{shape}{_rows(sample)}</table:table>'
    known = Known(sample.title, "", [sample.title, *sample.table])
    return opendocument(body, "spreadsheet", parts={"meta": meta}), [known]


def _rows(sample: Sample) -> str:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = ["".join(cell.format(escape(text)) for text in row) for row in (sample.header, *sample.rows)]
    return "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)


def _book(sample: Sample) -> tuple[bytes, list[Known]]:
    page, known = strict_page(sample)
    says = {"title": sample.title, "publisher": sample.publisher, "date": sample.published}
    metadata = "".join(f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in says.items())
    item = '<item id="{0}" href="{0}.xhtml" media-type="application/xhtml+xml" properties="{1}"/>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{metadata}</metadata><manifest>{item.format('one', '')}{item.format('nav', 'nav')}</manifest>"
        '<spine><itemref idref="nav"/><itemref idref="one"/></spine></package>'
    )
    contents = page.replace("<article>", "<nav>").replace("</article>", "</nav>")
    parts = {"META-INF/container.xml": _CONTAINER, "book.opf": package, "one.xhtml": page, "nav.xhtml": contents}
    return packed({"mimetype": "application/epub+zip", **parts}), known


def _saved_page(sample: Sample) -> tuple[bytes, list[Known]]:
    page, known = strict_page(sample)
    saved = MIMEMultipart("related", boundary="----edge")
    address = f"https://harbour.example/{sample.name}"
    saved["Snapshot-Content-Location"], saved["Date"] = address, "Mon, 02 Feb 2026 10:00:00 +0000"
    for place, content in {address: page, "https://away.example/": "<p>Buy our ropes.</p>"}.items():
        part = MIMEText(content, "html", "utf-8")
        part["Content-Location"] = place
        saved.attach(part)
    return saved.as_bytes(), known


def _outlook(sample: Sample) -> tuple[bytes, list[Known]]:
    sent, address = datetime.fromisoformat(f"{sample.published}T10:00:00").replace(tzinfo=UTC), "news@harbour.example"
    fields: Fields = {_SUBJECT: sample.title, _SENDER: sample.publisher, _ADDRESS: address, _TO: "Board", _SENT: sent}
    texts = [text for _, text in sample.blocks]
    body = "\n\n".join(texts) + "\n\n-- \nA signature.\n"
    attached, (other,) = letter(sample)
    raw = outlook({**fields, _BODY: body}, [{_NAME: "letter.rtf", _METHOD: 1, _DATA: attached.encode()}])
    head = [f"From: {sample.publisher} {address}", "To: Board", f"Date: {format_datetime(sent)}"]
    return raw, [Known(sample.title, sample.published, [sample.title, *head, *texts]), other]


def _archive(sample: Sample) -> tuple[bytes, list[Known]]:
    page, known = strict_page(sample)
    text, others = letter(sample)
    files = {"a/letter.rtf": text, "b/page.xhtml": page, ".remark.txt": "A remark.", "a.exe": "MZ"}
    return packed({**files, "inner.zip": packed({"again.xhtml": page})}), [*others, *known, *known]


PACKAGES: dict[str, Callable[[Sample], tuple[bytes, list[Known]]]] = {
    ".odt": _document,
    ".ods": _sheets,
    ".epub": _book,
    ".mhtml": _saved_page,
    ".msg": _outlook,
    ".zip": _archive,
}
"""As `FORMATS` of the examples."""
