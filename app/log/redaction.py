"""Questions without what leads to a person: addresses, telephones, and numbers of cards and accounts.

Rules find them by their form. Years, dates, figures and ids stay: questions are about them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from app.log.addresses import STREETS

_TRACE = re.compile(r"\d|@|[(\[]at[)\]]", re.IGNORECASE)  # without which no rule holds
_LATIN = "A-Za-zÀ-ɏ"
_BEFORE = rf"(?<![{_LATIN}\d#_])(?<!\d[.,:/ -])"  # no part of a longer number or name
_AFTER = rf"(?![{_LATIN}\d_])(?![.,]\d)"
_PHONE_CUE = (
    r"\b(?:tel(?:ephone|efon(?:nummer)?)?|phone|call(?: (?:me|us|him|her|them))?(?: at| on)|mobile|cell|fax|whatsapp|"
    r"handy(?:nummer)?|mobil(?:nummer)?|rufnummer|téléphone|tél|portable|teléfono|móvil|celular)\b|电话|手机|传真"
)
_ACCOUNT_CUE = (
    r"\b(?:account|acct|iban|bank ?details|sort code|routing|konto(?:nummer|-?nr)?|blz|kartennummer|card|compte|"
    r"cuenta|tarjeta)\b|账号|账户|帐号|帐户|卡号|银行卡"
)
_LINK = (
    r"[\s:.#№]{0,3}(?:(?:number|nummer|numéro|número|no|nr|n°|nº|is|ist|est|es|is my|号码|号|是|为)[\s:.]{1,3}){0,2}"
)


def redacted(question: str) -> str:
    """The question with a word in brackets for each e-mail or street address, telephone, card and account number."""
    plain, parts, shown = _plain(question), list[str](), 0
    if not _TRACE.search(plain):
        return question
    for start, end, label in sorted(_spans(plain)):
        if start >= shown:
            parts += [question[shown:start], f"[{label}]"]
        shown = max(shown, end)
    return "".join([*parts, question[shown:]])


def _plain(text: str) -> str:
    """The text with usual forms of its characters, such as "1" for a wide "１", each at its place."""
    if text.isascii():
        return text
    usual = ((character, unicodedata.normalize("NFKC", character)) for character in text)
    plain = "".join(form if len(form) == 1 else character for character, form in usual)
    return re.sub(r"[\u2010-\u2015\u2212]", "-", plain)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    for label, pattern, end_of in _RULES:
        for match in pattern.finditer(text):
            if end := end_of(match):
                yield match.start(match.lastindex or 0), end, label


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal())


def _whole(match: re.Match[str]) -> int:
    return match.end(match.lastindex or 0)


def _card(match: re.Match[str]) -> int:
    """The end of a number with the check digit of cards (ISO/IEC 7812-1, Luhn), else 0."""
    digits = [int(digit) for digit in _digits(match[0])]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    return match.end() if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else 0


def _iban(match: re.Match[str]) -> int:
    """The end of the longest run of groups that has the check digits of an IBAN (ISO 13616), else 0."""
    for length in range(len(match[0]), 14, -1):
        code = "".join(match[0][:length].split()).upper()
        ends = length == len(match[0]) or match[0][length] == " "
        number = "".join(str(int(each, 36)) for each in code[4:] + code[:4])
        if ends and len(_digits(code)) >= 10 and int(number) % 97 == 1:
            return match.start() + length
    return 0


def _is_date(number: str) -> bool:
    """Whether the groups of a number are those of dates, times or years."""
    groups = re.findall(r"\d+", number)
    if all(len(group) == 2 for group in groups):
        return len(groups) != 5  # a French telephone has five pairs
    return all(len(group) <= 2 or re.fullmatch(r"(?:19|20)\d\d", group) for group in groups)


def _national(match: re.Match[str]) -> int:
    """The end of a number that begins with 0; dates, and file numbers such as "0123/2024", are none."""
    is_other = _is_date(match[0]) or re.search(r"/(?:19|20)\d\d$", match[0])
    return match.end() if 8 <= len(_digits(match[0])) <= 12 and not is_other else 0


def _international(match: re.Match[str]) -> int:
    """The end of a number with a country's code; a figure such as "+12 000 000" is none."""
    is_figure = re.fullmatch(r"\+\d{1,3}(?: \d{3}){1,2}", match[0])
    least = 8 if match[0].startswith("+") else 11
    return match.end() if least <= len(_digits(match[0])) <= 16 and not is_figure else 0


def _cued(match: re.Match[str]) -> int:
    return match.end(1) if 6 <= len(_digits(match[1])) <= 20 and not _is_date(match[1]) else 0


def _mobile(match: re.Match[str]) -> int:
    return 0 if match[0].endswith("0000") else match.end()  # a figure in thousands of millions


_EndOf = Callable[[re.Match[str]], int]


def _rule(label: str, pattern: str, end_of: _EndOf = _whole) -> tuple[str, re.Pattern[str], _EndOf]:
    return label, re.compile(pattern, re.IGNORECASE), end_of


_HOST = rf"(?:[{_LATIN}\d-]{{1,63}}\.){{1,8}}[{_LATIN}]{{2,63}}"
_RULES = (
    _rule("e-mail", rf"(?<![{_LATIN}\d._%+'/-])[{_LATIN}\d._%+'-]{{1,64}}\s?(?:@|\(at\)|\[at\])\s?{_HOST}"),
    _rule("account", rf"{_BEFORE}[A-Z]{{2}}\d{{2}}(?: ?[A-Z\d]{{4}}){{2,7}}(?: ?[A-Z\d]{{1,4}})?{_AFTER}", _iban),
    _rule("card", rf"{_BEFORE}[2-6](?:[ -]?\d){{12,18}}{_AFTER}", _card),
    _rule("account", rf"(?:{_ACCOUNT_CUE}){_LINK}(\d(?:[ -]?\d)+){_AFTER}", _cued),
    _rule("telephone", rf"(?:{_PHONE_CUE}){_LINK}(\(?\d[\d ()/.-]{{3,20}}\d){_AFTER}", _cued),
    _rule("telephone", rf"(?<![{_LATIN}\d+])\+\d[\d ()/.-]{{5,20}}\d{_AFTER}", _international),
    _rule("telephone", rf"{_BEFORE}00\d[\d ()/.-]{{6,20}}\d{_AFTER}", _international),
    _rule("telephone", rf"{_BEFORE}\(?0\d{{1,5}}\)?[ ./-]{{1,3}}\d(?:[ ./-]?\d){{3,12}}{_AFTER}", _national),
    _rule("telephone", rf"{_BEFORE}0[1-9]\d{{8,10}}{_AFTER}"),
    _rule("telephone", rf"{_BEFORE}1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_AFTER}", _mobile),
    _rule("telephone", rf"{_BEFORE}(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{{4}}{_AFTER}"),
    *(("address", pattern, _whole) for pattern in STREETS),
)
