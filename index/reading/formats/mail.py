"""E-mails saved as text: the subject as title, the day it was sent, and the text of the body."""

import re
from collections import Counter
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from index.articles.article import BlockKind, visible
from index.errors import BadArticle
from index.reading.encodings.decoding import decode
from index.reading.formats.dateline import iso_date
from index.reading.formats.extract import Extract, Header
from index.reading.formats.textformat import text_extract

_HEAD = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*+){3,}+(?=\n)")
_NAME = re.compile(r"^([A-Za-z-]+):", re.MULTILINE)
_SENT = {"date", "received", "message-id", "mime-version"}
_HEAD_OF_MAIL, _OTHER_FORMS, _PICTURES = "head of the e-mail", "other forms of the text", "pictures and signatures"
_LONGEST_LINE = 50_000  # characters: decoding takes quadratic time
_UNREAD = re.compile(r"image/|application/(?:pgp|pkcs7|x-pkcs7)")


def is_mail(text: str) -> bool:
    """Whether a text begins with the head of an e-mail: who sent it, its subject, and when or how."""
    head = _HEAD.match(text)
    names = {name.lower() for name in _NAME.findall(head[0])} if head else set[str]()
    return {"from", "subject"} <= names and bool(names & _SENT)


def mail_extract(raw: bytes) -> Extract:
    """The text of an e-mail, in plain text if it has both. Attachments are not read, so their characters are lost.

    Raises BadArticle if its parts are nested too deeply.
    """
    try:
        message = message_from_bytes(raw.lstrip())
        parts = [part for part in message.walk() if not part.is_multipart()]
    except RecursionError as error:
        raise BadArticle("its parts lie too deep in each other. Save the text alone") from error
    head = "\n".join(f"{name}: {header_text(value)}" for name, value in message.items())
    subject = header_text(message["Subject"])
    texts = [part for part in parts if part.get_content_maintype() == "text" and not part.get_filename()]
    kinds = {part.get_content_type() for part in texts}
    wanted = "text/html" if "text/html" in kinds and "text/plain" not in kinds else "text/plain"
    blocks: list[tuple[BlockKind, str]] = [("heading", subject)]
    characters, skipped, repeated = visible(head), Counter({_HEAD_OF_MAIL: visible(head) - visible(subject)}), 0
    for part in parts:
        text = part_text(part)
        if part in texts and part.get_content_type() == wanted:
            body = text_extract(text, "html" if wanted == "text/html" else "text")
            blocks += [("paragraph" if kind == "heading" else kind, block) for kind, block in body.blocks]
            characters, repeated = characters + body.characters, repeated + body.repeated
            skipped.update(body.skipped)
        else:
            characters += visible(text)
            reason = _OTHER_FORMS if part in texts else _PICTURES if _UNREAD.match(part.get_content_type()) else ""
            skipped.update({reason: visible(text)} if reason else {})
    names = ", ".join(filter(None, (part.get_filename() for part in parts)))
    notes = [f"attachments are not read: {names[:200]}. Put them here as files"] if names else []
    return Extract(blocks, characters, Header(subject, published=sent_day(message)), +skipped, repeated, notes=notes)


def part_text(part: Message) -> str:
    """The decoded text of a part; of a file its characters as they stand in the e-mail."""
    if part.get_content_maintype() != "text":
        part.del_param("charset")  # may be no name at all
    raw = part.get_payload(decode=True) if part.get_content_maintype() == "text" else part.get_payload()
    return decode(raw, part.get_content_charset() or "").text if isinstance(raw, bytes) else str(raw or "")


def header_text(value: object) -> str:
    """The decoded value of a header, as it stands if it cannot be decoded or is far too long."""
    written = str(value or "")
    if len(written) > _LONGEST_LINE:
        return " ".join(written.split())
    try:
        return " ".join(str(make_header(decode_header(written))).split())
    except (MessageError, LookupError, ValueError):
        return " ".join(written.split())


def sent_day(message: Message) -> str:
    """The day on which the e-mail was sent, by the sender's clock; empty if it is not said."""
    return iso_date(header_text(message["Date"]))
