"""E-mails (EML): the head and the text, with attachments and attached e-mails as files of their own."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.adapters import SUFFIXES
from index.reading.formats.extract import Extract, Member
from index.reading.formats.letter import Letter, letter_extract
from index.reading.formats.mail import header_text, part_text, sent_day
from index.reading.formats.members import suffix_of

_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
_TEXTS = {"text/plain": "text", "text/html": "html"}


@dataclass(slots=True)
class _Parts:
    """The parts of an e-mail: its texts, other forms of them, and files."""

    texts: list[Message] = field(default_factory=list)
    others: list[Message] = field(default_factory=list)
    files: list[Message] = field(default_factory=list)


def eml_extract(raw: bytes) -> Extract:
    """The text of an e-mail; its attachments are left to `eml_members`.

    Raises BadArticle without a head, or if its parts are nested too deeply.
    """
    message = _message(raw)
    parts = _sorted(message)
    is_sealed = any(part.get_content_type() in _SEALED for part in message.walk())
    is_cut = any(isinstance(defect, CloseBoundaryNotFoundDefect) for p in message.walk() for defect in p.defects)
    letter = Letter(
        [(name, header_text(value)) for name, value in message.items()],
        sent_day(message),
        [(_TEXTS.get(part.get_content_type(), "text"), part_text(part)) for part in parts.texts],
        sum(visible(part_text(part)) for part in parts.others),
        ["its end is missing: it may be cut. Save it again"] if is_cut else [],
        ["it is encrypted: its text cannot be read. Save it decrypted"] if is_sealed else [],
    )
    return letter_extract(letter)


def eml_members(raw: bytes) -> list[Member]:
    """The attachments and other files in an e-mail. Raises BadArticle as `eml_extract`."""
    return list(_members(_sorted(_message(raw)).files))


def _message(raw: bytes) -> Message:
    try:
        message = message_from_bytes(raw.lstrip())
        deepest = sum(1 for _ in message.walk())
    except RecursionError as error:
        raise BadArticle("its parts lie too deep in each other. Save the text alone") from error
    if not deepest or not message.keys():
        raise BadArticle("no e-mail: it has no head. Save it again from the mail program")
    return message


def _sorted(message: Message) -> _Parts:
    parts = _Parts()
    _sort(message, parts, chosen=True)
    return parts


def _sort(part: Message, parts: _Parts, *, chosen: bool) -> None:
    """Put a part where it belongs; of several forms of a text one is `chosen`."""
    inner = part.get_payload() if part.is_multipart() else []
    subparts = [each for each in inner if isinstance(each, Message)]
    is_whole = part.get_content_maintype() == "message"
    if part.get_content_type() == "multipart/alternative" and subparts:
        best = next(filter(_is_plain, subparts), None) or next(filter(_has_page, subparts), subparts[0])
        for each in subparts:
            _sort(each, parts, chosen=chosen and each is best)
    elif subparts and not is_whole:
        for each in subparts:
            _sort(each, parts, chosen=chosen)
    elif is_whole or not _is_text(part):
        parts.files.append(part)
    else:
        (parts.texts if chosen else parts.others).append(part)


def _is_text(part: Message) -> bool:
    is_broken = part.get_content_maintype() == "multipart"  # no boundary was found in it
    return (is_broken or part.get_content_type() in _TEXTS) and not (
        part.get_filename() or part.get_content_disposition() == "attachment"
    )


def _is_plain(part: Message) -> bool:
    return part.get_content_type() == "text/plain" and bool(visible(part_text(part)))


def _has_page(part: Message) -> bool:
    return any(each.get_content_type() == "text/html" for each in part.walk())


def _members(files: list[Message]) -> Iterator[Member]:
    for number, part in enumerate(files, 1):
        kind, inner = part.get_content_type(), part.get_payload() if part.is_multipart() else []
        mail = inner[0] if kind == "message/rfc822" and isinstance(inner, list) and inner else None
        name = header_text(part.get_filename())
        if isinstance(mail, Message):
            name = name or header_text(mail["Subject"]).replace("/", "-") or f"part {number}"
            name = name if suffix_of(name) == ".eml" else f"{name}.eml"
        name = name or f"part {number}{mimetypes.guess_extension(kind) or ''}"
        try:
            raw = mail.as_bytes() if isinstance(mail, Message) else part.get_payload(decode=True)
            yield Member(name, raw if suffix_of(name) in SUFFIXES and isinstance(raw, bytes) else b"")
        except (LookupError, ValueError, RecursionError):
            yield Member(name, fault="cannot be taken out of its e-mail. Save it as a file of its own")
