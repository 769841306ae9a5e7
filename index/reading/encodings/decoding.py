"""Bytes to text: UTF-8 first, then the declared encoding, then a detected one, line by line where two are mixed."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from index.errors import BadArticle
from index.reading.encodings.alphabets import singlebyte_encoding
from index.reading.encodings.escapes import CONTROLS, escaped, wide

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
_MANY_BYTES = ("gb18030", "big5", "big5hkscs", "cp950", "cp932", "shift_jis", "euc_j", "cp949", "johab")
_COMMON = (*_MANY_BYTES, "utf", "cp125", "iso8859", "koi8", "cp874", "tis")  # others are mostly guessed wrongly
_MOSTLY = 0.6  # sound characters of a line of UTF-8
_SURE = 40  # bytes over 127: fewer bytes fit many encodings equally well
_UNKNOWN = "neither UTF-8 nor another encoding that is known. Convert it: iconv -f ENCODING -t UTF-8"
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
    if decoded := _declared(raw, escaped(raw) or wide(raw)):
        return decoded
    if raw.count(0) > len(raw) // 10:
        return _detected(raw, wide=True)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _declared(raw, declared) or _mixed(raw) or _legacy(raw)
    if controls := len(CONTROLS.findall(text)):
        if controls > len(text) // 10:
            raise BadArticle(_UNKNOWN)
        return Decoded(text, f"utf-8 with {controls} control characters", doubtful=True)
    return Decoded(text, "utf-8")


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


def _declared(raw: bytes, declared: str, doubtful: bool = False) -> Decoded | None:
    try:
        name = codecs.lookup(declared).name
        name = _WIDER.get(name, name)
        return Decoded(raw.decode(name), name, doubtful)
    except (LookupError, ValueError):  # an unknown name, or bytes that do not fit it
        return None


def _mixed(raw: bytes) -> Decoded | None:
    """UTF-8 with lines in another encoding, as where files were joined, or with broken bytes, shown as U+FFFD.

    None if no line is mostly UTF-8.
    """
    lines = [(line, _sound(line)) for line in raw.split(b"\n") if not line.isascii()]
    foreign = b"\n".join(line for line, sound in lines if sound < _MOSTLY)
    kept = [line for line, sound in lines if sound >= _MOSTLY]
    if not kept:
        return None
    if not foreign:
        return _broken(raw)
    legacy = _legacy(foreign)
    # Short lines of Chinese can be UTF-8 by chance.
    if legacy.encoding.startswith(_MANY_BYTES) and 4 * len(kept) < len(lines):
        return None
    read = legacy.text.split("\n")
    if len(read) != foreign.count(b"\n") + 1:  # bytes that pass as UTF-16, in which none of them ends a line
        return _broken(raw)
    others = iter(read)
    texts = [
        line.decode("utf-8", "replace") if line.isascii() or _sound(line) >= _MOSTLY else next(others)
        for line in raw.split(b"\n")
    ]
    return Decoded("\n".join(texts), f"utf-8 and {legacy.encoding}", doubtful=True)


def _broken(raw: bytes) -> Decoded:
    text = raw.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    return Decoded(text, f"utf-8 with {broken} broken bytes", doubtful=True)


def _sound(line: bytes) -> float:
    """The share of the characters beyond ASCII that are sound UTF-8."""
    text = line.decode("utf-8", "replace")
    beyond = sum(character > "\x7f" for character in text)
    return 1 - text.count("\N{REPLACEMENT CHARACTER}") / beyond if beyond else 1


def _legacy(raw: bytes) -> Decoded:
    """The text in an encoding of a byte a character if a language explains its letters; else in a detected one."""
    name, is_alone = singlebyte_encoding(raw[:_SAMPLE])
    few = sum(byte > 127 for byte in raw[:_SAMPLE]) < _SURE
    return (_declared(raw, name, few or not is_alone) if name else None) or _detected(raw)


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
            return Decoded(text.text, text.encoding, doubtful or not text.encoding.startswith(_COMMON))
    raise BadArticle(_UNKNOWN)
