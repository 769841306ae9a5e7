"""Bytes to text: UTF-8 first, then the declared encoding, then a detected one."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from index.errors import BadArticle

_BOMS = {  # the marks of UTF-32 begin with those of UTF-16
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# A declared encoding is read as the larger set that contains it, as in every browser.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "euc_kr": "cp949"}
_WIDER |= {"shift_jis": "cp932"}
_WIDE = ["utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"]  # never used without zero bytes or a mark
_USUAL = ["gb18030", "cp1252"]  # tried first if others fit as well
_SURE = 40  # bytes over 127: fewer bytes fit many encodings equally well
_SAMPLE = 200_000  # bytes used for detection


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and its encoding, which may be a guess (`doubtful`)."""

    text: str
    encoding: str
    doubtful: bool = False

    @property
    def notes(self) -> list[str]:
        """Notes for people; none for valid UTF-8."""
        if self.doubtful:
            return [f"read as {self.encoding}, which is doubtful. Look at its text, or convert the file to UTF-8"]
        return [] if self.encoding == "utf-8" else [f"read as {self.encoding}"]


def decode(raw: bytes, declared: str = "") -> Decoded:
    """The text of the bytes. Raises BadArticle if no encoding fits."""
    if encoding := next((encoding for mark, encoding in _BOMS.items() if raw.startswith(mark)), ""):
        try:
            return Decoded(raw.decode(encoding).removeprefix("\ufeff"), encoding)
        except UnicodeDecodeError as error:
            reason = f"its first bytes say {encoding}, but byte {error.start} does not fit"
            raise BadArticle(f"{reason}. Save it as UTF-8") from error
    if raw.count(0) > len(raw) // 10:
        return _detected(raw, wide=True)
    try:
        return Decoded(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _declared(raw, declared) or _repaired(raw) or _detected(raw)


def declared_charset(raw: bytes) -> str:
    """The encoding that the head of a web page names, or an empty string.

    Empty also for an encoding in which this declaration, found in ASCII, would read otherwise.
    """
    match = re.search(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", raw[:4_096], re.I)
    name = match[1].decode("ascii", "replace") if match else ""
    sample = b"<+AEE-\\u0041>"  # reads differently in UTF-7 and in Python's own encodings
    try:
        return name if sample.decode(name) == sample.decode("ascii") else ""
    except (LookupError, ValueError):
        return ""


def _declared(raw: bytes, declared: str) -> Decoded | None:
    try:
        name = codecs.lookup(declared).name
        name = _WIDER.get(name, name)
        return Decoded(raw.decode(name), name)
    except (LookupError, ValueError):  # an unknown name, or bytes that do not fit it
        return None


def _repaired(raw: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes, each shown as U+FFFD."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    sound = sum(character > "\x7f" for character in text) - broken
    return Decoded(text, f"utf-8 with {broken} broken bytes", doubtful=True) if sound > 20 * broken else None


def _detected(raw: bytes, *, wide: bool = False) -> Decoded:
    sample = raw[:_SAMPLE]
    guesses = list(from_bytes(sample, cp_isolation=_WIDE) if wide else from_bytes(sample, cp_exclusion=_WIDE))
    best = [guess for guess in guesses if guess.chaos <= guesses[0].chaos]
    names = [name for guess in best for name in (guess.encoding, *guess.could_be_from_charset)]
    few = not wide and sum(byte > 127 for byte in sample) < _SURE
    doubtful = few or any(guess.coherence >= best[0].coherence for guess in best[1:])
    usual = [name for name in _USUAL if name in names] if doubtful else []
    for name in dict.fromkeys([*usual, *names]):
        if text := _declared(raw, name):
            return Decoded(text.text, text.encoding, doubtful)
    raise BadArticle("neither UTF-8 nor another encoding that is known. Convert it: iconv -f ENCODING -t UTF-8")
