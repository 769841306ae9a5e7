"""Numbers, days and times of a sheet as its number formats show them: 45291 as 2023-12-31, 0.069 as 6.9%."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from locale import windows_locale

from babel.dates import format_datetime

# The formats that files name by number only. Those of days that follow the system of whoever looks are in ISO form.
_BUILTIN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
}
_BUILTIN |= {14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM"}
_BUILTIN |= {20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0"}
_BUILTIN |= dict.fromkeys((37, 38), "#,##0;(#,##0)") | dict.fromkeys((39, 40), "#,##0.00;(#,##0.00)") | {48: "0.0E+0"}
_BUILTIN |= dict.fromkeys((27, 36, 50, 52, 57), "yyyy年m月") | dict.fromkeys((28, 29, 51, 53, 54, 58), "m月d日")
_BUILTIN |= {30: "yyyy-mm-dd", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒"}
_SECTION = re.compile(r'((?:"[^"]*"?|\\.|[_*].|\[[^\]]*\]?|[^;"\\_*\[])*)(?:;|\Z)', re.DOTALL)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<gap>_.)|\*.|\[(?P<elapsed>h+|m+|s+)\]|\[\$(?P<sign>[^\]-]*)(?:-'
    r"(?P<locale>[0-9A-F]+))?[^\]]*\]|\[(?P<condition>[<>=]+-?[\d.]+)\]|\[[^\]]*\]?|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<general>General)|(?P<exponent>E[+-]0+)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|b+|e+)|(?P<digit>[0#?])|(?P<text>@)"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_LAST_DAY = 2_958_466 - 1_462  # of the year 9999, counted from 1904
_LONGEST = 255  # characters of a format, as in Excel
_Token = tuple[str, str]  # kind and text


def format_of(number: int, named: dict[int, str]) -> str:
    """The format with this number, of the file or of every file."""
    return named.get(number) or _BUILTIN.get(number, "General")


@lru_cache(1 << 16)  # files repeat their numbers
def shown_number(value: str, code: str, *, since_1904: bool = False) -> str:
    """A number as its format shows it; days and times count from 1900, or 1904.

    Names of months are in the language of the format. A number that no calendar has is shown as it is.
    """
    try:
        number = Decimal(f"{float(value):.15g}")
    except ValueError:
        return value
    if not number.is_finite():
        return value
    tokens, is_bare = _chosen(number, code)
    if any(kind in ("date", "elapsed", "half") for kind, _ in tokens):
        return _moment(number, tokens, since_1904) or _general(number)
    if any(kind in ("general", "text") for kind, _ in tokens):
        parts = (
            _general(abs(number)) if kind in ("general", "text") else _literal(kind, text) for kind, text in tokens
        )
        return ("-" if number < 0 and is_bare else "") + "".join(parts)
    text = _figures(abs(number), tokens).strip()
    return f"-{text}" if number < 0 and is_bare and text else text


def shown_text(text: str, code: str) -> str:
    """A text as its format shows it: a fourth part is for texts, and may hide them."""
    sections = _sections(code)
    if len(sections) < 4:
        return text
    return "".join(text if kind == "text" else _literal(kind, own) for kind, own in sections[3])


@cache
def _sections(code: str) -> list[list[_Token]]:
    code = code[:_LONGEST]
    parts = [match[1] for match in _SECTION.finditer(code)]
    parts = parts[:-1] if len(parts) > 1 and not parts[-1] and not code.endswith(";") else parts
    return [_tokens(part) for part in parts[:4]]


def _tokens(section: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(section):
        tokens += [("sign", match["sign"])] if match["locale"] else []
        tokens += [(match.lastgroup, match[match.lastgroup])] if match.lastgroup else []
    return tokens


def _chosen(number: Decimal, code: str) -> tuple[list[_Token], bool]:
    """The part of a format for a number, and whether it leaves the minus sign to us."""
    sections = _sections(code)
    for at, tokens in enumerate(sections):
        condition = next((text for kind, text in tokens if kind == "condition"), "")
        if condition and _holds(number, condition):
            return tokens, at == 0 and len(sections) == 1
    if any(kind == "condition" for tokens in sections for kind, _ in tokens):
        return sections[-1], True
    at = 1 if number < 0 else 2 if not number else 0
    is_there = at < min(len(sections), 3)
    return sections[at if is_there else 0], not (is_there and at)


def _holds(number: Decimal, condition: str) -> bool:
    sign, limit = re.fullmatch(r"([<>=]+)(.*)", condition).groups()  # type: ignore[union-attr] # it matched before
    try:
        other = Decimal(limit)
    except InvalidOperation:
        return False
    return ("<" in sign and number < other) or (">" in sign and number > other) or ("=" in sign and number == other)


def _literal(kind: str, text: str) -> str:
    return " " if kind == "gap" else text if kind in ("quoted", "escaped", "other", "sign") else ""


def _general(number: Decimal) -> str:
    whole = number == number.to_integral_value() and abs(number) < Decimal(10) ** 15
    return f"{number:.0f}" if whole else f"{float(number):.10g}".replace("e", "E")


def _figures(number: Decimal, tokens: list[_Token]) -> str:
    """The digits of a number in the places of a format, with its other signs."""
    if any(kind == "other" and text == "/" for kind, text in tokens) and any(k == "digit" for k, _ in tokens):
        return _fraction(number, tokens)
    last = max((at for at, (kind, _) in enumerate(tokens) if kind == "digit"), default=-1)
    point = next((at for at, token in enumerate(tokens) if token == ("other", ".")), last + 1)
    after = [text for kind, text in tokens[point:] if kind == "digit"]
    has_exponent = any(kind == "exponent" for kind, _ in tokens)
    commas = [at for at, token in enumerate(tokens) if token == ("other", ",")]
    number *= Decimal(100) ** sum(token == ("other", "%") for token in tokens)
    number /= Decimal(1000) ** sum(at == last + 1 + place for place, at in enumerate(c for c in commas if c > last))
    power = 0
    if has_exponent and number:
        power = number.adjusted()
        number = number.scaleb(-power)
    with localcontext(prec=400):
        rounded = number.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
    if has_exponent and rounded >= 10:
        rounded, power = rounded / 10, power + 1
    whole, _, decimals = f"{rounded:f}".partition(".")
    while decimals.endswith("0") and after[len(decimals) - 1] != "0":
        decimals = decimals[:-1]
    text = _placed(tokens[:point], "" if whole == "0" else whole, any(at < last for at in commas))
    tail = list(decimals)
    for kind, sign in tokens[point:]:
        if kind == "digit":
            text += tail.pop(0) if tail else ""
        elif kind == "exponent":
            text += f"E{'-' if power < 0 else '+' if '+' in sign else ''}{abs(power):0{len(sign) - 2}d}"
        elif (kind, sign) != ("other", ",") and ((kind, sign) != ("other", ".") or decimals):
            text += _literal(kind, sign)
    return text


def _placed(tokens: list[_Token], digits: str, grouped: bool) -> str:
    """The digits before the point, set from the right; the first place takes the rest of them."""
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "digit"]
    parts, left, count = list[str](), list(digits), 0
    for at in reversed(range(len(tokens))):
        kind, text = tokens[at]
        if kind == "digit":
            for _ in range(max(len(left), 1) if at == places[0] else 1):
                digit = left.pop() if left else "0" if text == "0" else ""
                parts += [","] if grouped and digit and count and count % 3 == 0 else []
                parts += [digit] if digit else []
                count += bool(digit)
        elif (kind, text) != ("other", ","):
            parts.append(_literal(kind, text))
    return "".join(reversed(parts))


def _fraction(number: Decimal, tokens: list[_Token]) -> str:
    slash = tokens.index(("other", "/"))
    below = "".join(text for _, text in tokens[slash + 1 :]).strip()
    most = 10 ** min(sum(kind == "digit" for kind, _ in tokens[slash:]), 5) - 1
    fraction = Fraction(number).limit_denominator(max(most, 1))
    if below.isdigit() and int(below):
        fraction = Fraction(round(number * int(below)), int(below))
    whole, rest = divmod(fraction.numerator, fraction.denominator)
    part = f"{rest}/{fraction.denominator}" if rest else ""
    return " ".join(filter(None, (str(whole) if whole or not rest else "", part)))


def _moment(number: Decimal, tokens: list[_Token], since_1904: bool) -> str:
    """A day, a time or a duration; empty for a number that no calendar has."""
    if not 0 <= number < _LAST_DAY:
        return ""
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30) if number >= 60 else datetime(1899, 12, 31)
    has_parts = any(kind == "date" and "." in text for kind, text in tokens)
    seconds = (number * 86_400).quantize(Decimal("0.001") if has_parts else Decimal(1), ROUND_HALF_UP)
    moment = first + timedelta(seconds=float(seconds))
    code = next((int(text, 16) for kind, text in tokens if kind == "locale"), 0x409)
    language = windows_locale.get(code & 0xFFFF, "en_US")
    is_halved = any(kind == "half" for kind, _ in tokens)
    clock = [text.lower()[:1] if kind in ("date", "elapsed") else "" for kind, text in tokens]
    text = ""
    for at, (kind, sign) in enumerate(tokens):
        near = [c for c in reversed(clock[:at]) if c][:1] == ["h"] or [c for c in clock[at + 1 :] if c][:1] == ["s"]
        if kind == "elapsed":
            text += f"{int(seconds) // {'h': 3600, 'm': 60, 's': 1}[sign.lower()[0]]:0{len(sign)}d}"
        elif kind == "half":
            text += "AM" if moment.hour < 12 else "PM"
        elif kind == "date":
            text += _field(moment, sign.lower(), near and len(sign) < 3, is_halved, language)
        else:
            text += _literal(kind, sign) if kind != "digit" else ""
    return " ".join(text.split())


def _field(moment: datetime, sign: str, is_minute: bool, is_halved: bool, language: str) -> str:
    letter, wide = sign[0], len(sign)
    if letter == "s":
        whole, point, parts = sign.partition(".")
        fraction = f"{moment.microsecond:06d}"[: len(parts)]
        return f"{moment.second:0{min(2, len(whole))}d}{point}{fraction}"
    hour = (moment.hour % 12 or 12) if is_halved else moment.hour
    counts = {"h": hour, "m": moment.minute if is_minute else moment.month, "d": moment.day}
    if letter in counts and (wide < 3 or letter == "h"):
        return f"{counts[letter]:0{min(wide, 2)}d}"
    if letter in "yeb":
        year = moment.year + 543 * (letter == "b")
        return f"{year:04d}" if wide > 2 or letter != "y" else f"{year % 100:02d}"
    pattern = {"m": ("LLL", "LLLL", "LLLLL"), "d": ("ccc", "cccc", "cccc")}[letter][min(wide, 5) - 3]
    return format_datetime(moment, pattern, locale=language)
