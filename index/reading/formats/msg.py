"""E-mails of Outlook (MSG): the head and the text, with attachments as files of their own."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_string
from email.utils import format_datetime

from oxmsg import Message
from oxmsg.attachment import Attachment
from oxmsg.domain import constants as c

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.encodings.decoding import declared_charset, decode
from index.reading.formats.adapters import SUFFIXES
from index.reading.formats.dateline import iso_date
from index.reading.formats.extract import Extract, Member
from index.reading.formats.letter import Letter, letter_extract
from index.reading.formats.mail import header_text
from index.reading.formats.members import suffix_of

_MISREAD = (LookupError, ArithmeticError, AttributeError, TypeError)  # by the parser, which takes sizes as they stand
_DAMAGED = (OSError, ValueError, struct.error, AssertionError, RecursionError, *_MISREAD)
_FIRST_YEAR = 1970
_EMAIL = 5  # the way in which an e-mail is attached


def msg_extract(raw: bytes) -> Extract:
    """The text of an e-mail; its attachments are left to `msg_members`. Raises BadArticle if it is damaged."""
    with _reporting_damage():
        return letter_extract(_letter(Message.load(raw)))


def msg_members(raw: bytes) -> list[Member]:
    """The attachments of an e-mail. Raises BadArticle as `msg_extract`."""
    with _reporting_damage():
        message = Message.load(raw)
        count = message.attachment_count  # fails if the e-mail has no properties
        members = [_member(attachment, number) for number, attachment in enumerate(message.attachments, 1)]
    lost = f"attachments that are not in the file: {count - len(members)}. Save the e-mail again"
    return members if count <= len(members) else [*members, Member("attachments", fault=lost)]


def _member(attachment: Attachment, number: int) -> Member:
    properties = attachment.properties
    name = attachment.file_name or properties.str_prop_value(c.PID_ATTACH_FILENAME)
    method = properties.int_prop_value(c.PID_ATTACH_METHOD)
    if method == _EMAIL:
        name = name or properties.str_prop_value(c.PID_DISPLAY_NAME) or f"part {number}"
        return Member(f"{name}.msg", fault="an e-mail attached to another: not read. Save it as a file of its own")
    name = name or f"part {number}"
    if suffix_of(name) not in SUFFIXES:
        return Member(name)
    if attachment.file_bytes is None:
        return Member(name, fault="only linked in its e-mail: not read. Put the file itself here")
    return Member(name, attachment.file_bytes)


def _letter(message: Message) -> Letter:
    properties = message.properties
    text, page = message.body or "", _page(message)
    has_text = bool(visible(text))
    missing = []
    if not has_text and not page and properties.binary_prop_value(c.PID_RTF_COMPRESSED):
        missing.append("its text is in RTF alone: not read. Save it as EML, or its text as a file")
    if "smime" in message.message_class.lower():
        missing.append("it is encrypted: its text cannot be read. Save it decrypted")
    texts = [("text", text)] if has_text else [("html", page)] if page else []
    day = sent.date().isoformat() if (sent := _sent(message)) else ""
    head = list(_head(message))
    said = next((iso_date(value) for name, value in head if name.lower() == "date"), "")
    return Letter(head, said or day, texts, visible(page) if has_text else 0, missing=missing)


def _head(message: Message) -> Iterator[tuple[str, str]]:
    """The lines of the head: those of its journey, without which a draft has the fields that Outlook shows."""
    properties = message.properties
    written = properties.str_prop_value(c.PID_TRANSPORT_MESSAGE_HEADERS) or ""
    lines = [(name, header_text(value)) for name, value in message_from_string(written).items()]
    yield from lines
    fields = {
        "From": message.sender,
        "To": properties.str_prop_value(c.PID_DISPLAY_TO),
        "Subject": message.subject,
        "Date": format_datetime(sent) if (sent := _sent(message)) else "",
    }
    known = {name.lower() for name, _ in lines}
    yield from ((name, value.rstrip("\0")) for name, value in fields.items() if value and name.lower() not in known)


def _sent(message: Message) -> datetime | None:
    """Time of sending; a clock at its beginning says nothing."""
    return message.sent_date if message.sent_date and message.sent_date.year > _FIRST_YEAR else None


def _page(message: Message) -> str:
    """The text in HTML, whose bytes name their encoding."""
    raw = message.properties.binary_prop_value(c.PID_HTML)
    if raw:
        return decode(raw, declared_charset(raw) or message.properties.body_encoding).text
    return message.properties.str_prop_value(c.PID_BODY_HTML) or ""


@contextmanager
def _reporting_damage() -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise BadArticle("no e-mail of Outlook, or a damaged one. Open it in Outlook and save it again") from error
