"""Letters of the symbol fonts of Word as the characters of Unicode that they show."""

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_SYMBOL = (  # from 0x20
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼\x7f"
    + 32 * "\0"
    + "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)
_WINGDINGS = (
    " 🖉✂✁👓🕭🕮🕯🕿✆🖂🖃📪📫📬📭📁📂📄🗏🗐🗄⌛🖮🖰🖲🖳🖴🖫🖬✇✍🖎✌👌👍👎☜☞☝☟✋"
    "☺😐☹💣☠⚐🏱✈☼💧❄🕆✞🕈✠✡☪☯ॐ☸♈♉♊♋♌♍♎♏♐♑♒♓🙰🙵●❍■□🞐❑❒⬧⧫◆❖⬥⌧⮹⌘🏵🏶🙶🙷\x7f"
    "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿🙢🙠🙡🙣🙞🙜🙝🙟·•⬝⭘🞆🞈🞊🞋🔿▪☐🟀🟁★🟋🟏🟓🟑⯐⌖⯎⯏⯑✪✰🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛"
    "⮰⮱⮲⮳⮴⮵⮶⮷🙪🙫🙕🙔🙗🙖🙐🙑🙒🙓⌫⌦⮘➢⮙⮛⮈➲⮉⮋"
    "←→↑↓↖↗↙↘🡸➔🡹🡻🡼🡽🡿🡾⇦⇨⇧⇩⬄⇳⬁⬀⬃⬂🢬🢭✗✓☒☑"
)
_FONTS = {
    "symbol": dict(enumerate(_SYMBOL, 0x20)),
    "wingdings": dict(enumerate(_WINGDINGS, 0x20)),
    "wingdings 2": {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐"},
    "wingdings 3": {0x70: "▲", 0x71: "▼", 0x74: "◀", 0x75: "▶"},
    "webdings": {0x61: "✓", 0x63: "☐", 0x67: "■", 0x72: "✗"},
}


def character_of(font: str, code: int) -> str:
    """The character that a letter of a symbol font shows, `UNKNOWN` if nobody can say.

    Outside the range for private use a letter is an ordinary character, in fonts that are no symbol fonts.
    """
    known = _FONTS.get(font.strip().lower())
    if known is None:
        is_ordinary = 0x20 < code < 0xD800 or 0xF8FF < code < 0xFFFE
        return chr(code) if is_ordinary and code not in range(0x7F, 0xA0) else UNKNOWN
    shown = known.get(code - 0xF000 if code >= 0xF000 else code, UNKNOWN)
    return shown if shown.isprintable() else UNKNOWN


def without_private(text: str, font: str) -> tuple[str, int]:
    """A text whose private characters are those that the font shows, and the number of unknown ones."""
    shown = "".join(character_of(font, ord(c)) if "\ue000" <= c <= "\uf8ff" else c for c in text)
    return shown, shown.count(UNKNOWN) - text.count(UNKNOWN)
