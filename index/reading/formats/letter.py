"""A letter: an e-mail of any format with the lines of its head and the forms of its text, as an extract."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from index.articles.article import BlockKind, clean, visible
from index.reading.formats.extract import Extract, Header
from index.reading.formats.mailquotes import folded_page, folded_text, is_forwarded
from index.reading.formats.textformat import text_extract

HEAD, OTHER_FORMS = "head of the e-mail", "other forms of the text"
_SHOWN = ("From", "To", "Date")  # lines of the head by which people look for an e-mail


@dataclass(frozen=True, slots=True)
class Letter:
    """The lines of the head by name, decoded; the day it was sent; its texts in order, each with its format; others
    are the visible characters of other forms of them. `missing` and `notes` are as in `Extract`."""

    head: Sequence[tuple[str, str]]
    day: str
    texts: Sequence[tuple[str, str]]
    others: int = 0
    notes: Sequence[str] = ()
    missing: Sequence[str] = ()

    def line(self, name: str) -> str:
        """The first line of the head with this name, empty without one."""
        return next((value for other, value in self.head if other.lower() == name.lower()), "")


def letter_extract(letter: Letter) -> Extract:
    """The subject, sender, receivers, day and text of an e-mail; quoted replies and signatures are skipped.

    The sender is the publisher, by name if it has one.
    """
    subject = letter.line("Subject")
    lines = [f"{name}: {letter.line(name)}" for name in _SHOWN if letter.line(name)]
    head = sum(visible(f"{name}: {value}") for name, value in letter.head)
    skipped = Counter({HEAD: head - visible(subject) - sum(map(visible, lines)), OTHER_FORMS: letter.others})
    characters, repeated, notes = head + letter.others, 0, list(letter.notes)
    blocks: list[tuple[BlockKind, str]] = [("heading", subject), *(("paragraph", line) for line in lines)]
    for form, text in ((form, clean(written)) for form, written in letter.texts if visible(written)):
        fold = folded_page if form == "html" else folded_text
        kept, folded = fold(text, forwarded=is_forwarded(subject, text))
        body = text_extract(kept, form)
        blocks += [("paragraph" if kind == "heading" else kind, block) for kind, block in body.blocks]
        whole = body.characters + folded.total() if form == "html" else visible(text)
        characters, repeated = characters + whole, repeated + body.repeated
        skipped.update(folded)
        skipped.update(body.skipped)
        notes += body.notes
    name, address = parseaddr(letter.line("From"))
    header = Header(subject, name or address, letter.day)
    return Extract(blocks, characters, header, +skipped, repeated, notes=notes, missing=letter.missing)
