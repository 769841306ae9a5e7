"""The letters of an RTF file in runs, each with its look and the reason to leave it out, and the words between them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from index.errors import BadArticle
from index.reading.formats.docxsymbols import character_of, without_private

EDGES, COMMENTS, HIDDEN, STRUCK = "running headers and footers", "comments", "deleted and hidden text", "struck text"
CODE = "-"  # of programs: no text of the document
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
_DEEPEST = 1_000  # groups in each other
_GROUPS = dict.fromkeys(
    "fonttbl colortbl stylesheet info pict objdata objclass objname fldinst datafield listtable listoverridetable"
    " rsidtbl generator filetbl revtbl themedata colorschememapping latentstyles datastore xmlnstbl mmathPr bkmkstart"
    " bkmkend blipuid pgptbl template nonesttables sp upr private falt panose pn pntxta pntxtb formfield shprslt"
    " nonshppict tc xe rxe txe title".split(),
    CODE,
)
_GROUPS |= dict.fromkeys("header headerl headerr headerf footer footerl footerr footerf".split(), EDGES)
_GROUPS |= dict.fromkeys("ftnsep ftnsepc aftnsep aftnsepc ftncn aftncn".split(), EDGES)
_GROUPS |= dict.fromkeys("annotation atnauthor atnicn atnid".split(), COMMENTS)
_ASIDES = frozenset({"footnote", "shptxt"})  # groups of text beside the paragraph in which they stand
_SHOWN = _ASIDES | frozenset("ud shpinst fldrslt result listtext pntext nesttableprops".split())
_LETTERS = {"line": "\n", "lbr": "\n", "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " "}
_LETTERS |= {"qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"}
_SIGNS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\t": "\t"}
_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_CHARSETS = {77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253"}
_CHARSETS |= {162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874"}
_CHARSETS |= {238: "cp1250", 255: "cp850", 0: "cp1252"}
_SYMBOLS = 2  # a set of characters


@dataclass(frozen=True, slots=True)
class Look:
    """The state of a group: `reason` is empty for text; `rise` is 1 for raised, -1 for lowered letters.

    `group` is the last group with a meaning, `aside` the place of the footnote or text box, 0 outside.
    """

    reason: str = ""
    group: str = ""
    aside: int = 0
    font: int = -1
    skip: int = 1  # letters after a character that stand for it in old programs
    rise: int = 0
    hidden: bool = False
    struck: bool = False

    @property
    def why(self) -> str:
        """The reason to leave the letters out."""
        return self.reason or (HIDDEN if self.hidden else STRUCK if self.struck else "")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters with its look, or a word with its number."""

    look: Look
    text: str = ""
    word: str = ""
    number: int | None = None


class Tokens:
    """The tokens of a file; encodings, fonts, names of styles and the title are gathered on the way."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._page = "cp1252"
        self._default = -1
        self._fonts: dict[int, tuple[int, str]] = {}  # set of characters, name
        self._letters = bytearray()  # not decoded yet
        self._high = 0  # first half of a character
        self._entry = self._charset = 0  # of a table of fonts or styles
        self.styles: dict[int, str] = {}
        self.title = ""

    def __iter__(self) -> Iterator[Token]:
        """Raises BadArticle for groups that lie too deep in each other or do not end."""
        look, outer, place, left, starred = Look(), list[Look](), 0, 0, False
        while match := _TOKEN.match(self._raw, place):
            word, number, code, sign, brace, plain = match.groups()
            place = match.end()
            letters = plain or bytes.fromhex((code or b"").decode())
            if letters or not (word or sign or brace):  # else a break between lines of the file alone
                self._letters += letters[left:]
                left = max(0, left - len(letters))
                continue
            yield from self._run(look)
            if brace == b"{":
                outer.append(_bounded(look, len(outer)))
            elif brace:
                look = outer.pop() if outer else look
                if not outer:
                    return
            elif word == b"bin":
                place += max(0, int(number or 0))
            elif word == b"u":
                yield from self._character(look, int(number or 0))
            elif left:
                left -= 1
                continue
            elif word:
                name, value = word.decode(), int(number) if number else None
                look = self._changed(look, name, value, place if starred else -place)
                yield Token(look, _LETTERS.get(name, ""), name, value)
            else:
                yield Token(look, _SIGNS.get(sign.decode("latin-1"), ""), "par" if sign in b"\r\n" else "")
            left, starred = look.skip if word == b"u" else 0, sign == b"*"
        raise BadArticle("no whole RTF: its end is missing. Get the file again")

    def _run(self, look: Look) -> Iterator[Token]:
        """The letters so far."""
        raw, self._letters = bytes(self._letters), bytearray()
        if raw and look.group in ("fonttbl", "stylesheet"):
            self._name(raw.decode("latin-1"), look.group)
        elif raw:
            charset, name = self._font(look)
            if charset == _SYMBOLS:
                text = "".join(character_of(name, 0xF000 + byte) if byte != 32 else " " for byte in raw)
            else:
                text = raw.decode(_CHARSETS.get(charset, self._page) if charset else self._page, "replace")
            self.title += text if look.group == "title" else ""
            yield Token(look, text)

    def _font(self, look: Look) -> tuple[int, str]:
        return self._fonts.get(self._default if look.font < 0 else look.font, (0, ""))

    def _name(self, text: str, table: str) -> None:
        """Note the name of a font or style, which ends with a semicolon."""
        name = text.partition(";")[0].strip()
        if table == "fonttbl":
            self._fonts[self._entry] = self._charset, name
        else:
            self.styles[self._entry] = name.lower()
        self._entry = self._charset = 0

    def _character(self, look: Look, number: int) -> Iterator[Token]:
        """A character by its number, of which two may make one."""
        number &= 0xFFFF
        if 0xD800 <= number < 0xDC00:
            self._high = number
            return
        if 0xDC00 <= number < 0xE000 and self._high:
            number += ((self._high - 0xD800) << 10) + 0x10000 - 0xDC00
        self._high = 0
        text = "\N{REPLACEMENT CHARACTER}" if 0xD800 <= number < 0xE000 else chr(number)
        text = without_private(text, self._font(look)[1])[0]
        self.title += text if look.group == "title" else ""
        yield Token(look, text)

    def _changed(self, look: Look, word: str, number: int | None, place: int) -> Look:
        """The look after a word at a place, which is negative unless the word may be unknown to a program."""
        if word in _GROUPS or (place > 0 and word not in _SHOWN):
            return replace(look, reason=_GROUPS.get(word, CODE), group=word)
        self._note(look, word, number or 0)
        match word:
            case "ud":
                return replace(look, reason="" if look.group == "upr" else look.reason, group=word)
            case "footnote" | "shptxt":
                return replace(look, group=word, aside=abs(place))
            case "listtext" | "pntext":
                return replace(look, group=word)
            case "plain":
                return replace(look, font=self._default, hidden=False, struck=False, rise=0)
        return _CHANGES[word](look, number) if word in _CHANGES else look

    def _note(self, look: Look, word: str, number: int) -> None:
        """Note the encoding, or the entry of a table."""
        match word:
            case "ansi" | "mac" | "pc" | "pca":
                self._page = _PAGES[word]
            case "ansicpg":
                self._page = _code_page(number)
            case "deff":
                self._default = number
            case "fcharset":
                self._charset = number
            case "f":
                self._entry = number
            case "s" if look.group == "stylesheet":
                self._entry = number


_CHANGES: dict[str, Callable[[Look, int | None], Look]] = {
    "f": lambda look, number: replace(look, font=number or 0),
    "uc": lambda look, number: replace(look, skip=max(0, number or 0)),
    "v": lambda look, number: replace(look, hidden=number != 0),
    "deleted": lambda look, number: replace(look, hidden=number != 0),
    "strike": lambda look, number: replace(look, struck=number != 0),
    "striked": lambda look, number: replace(look, struck=number != 0),
    "super": lambda look, number: replace(look, rise=int(number != 0)),
    "up": lambda look, number: replace(look, rise=int(number != 0)),
    "sub": lambda look, number: replace(look, rise=-int(number != 0)),
    "dn": lambda look, number: replace(look, rise=-int(number != 0)),
    "nosupersub": lambda look, _: replace(look, rise=0),
}


def _bounded(look: Look, depth: int) -> Look:
    if depth >= _DEEPEST:
        raise BadArticle(f"groups lie over {_DEEPEST:,} deep in each other. Save a simpler copy")
    return look


def _code_page(number: int) -> str:
    page = "utf-8" if number == 65001 else f"cp{number}"
    try:
        "".encode(page)
    except LookupError:
        return "cp1252"
    return page
