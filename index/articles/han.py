"""Numbers in Chinese words."""

HAN_DIGITS = "零〇一二两三四五六七八九"
_DIGITS = {"零": 0, "〇": 0, "两": 2, **{sign: value for value, sign in enumerate("一二三四五六七八九", 1)}}
_TENS = {"十": 10, "百": 100}


def han_number(written: str) -> int:
    """The number below 1000, or the number in digits: 二十一 is 21, 一百二十 is 120, 二〇二四 is 2024.

    Raises ValueError for other signs, and for an empty text.
    """
    if not any(sign in _TENS for sign in written):
        return int("".join(str(_DIGITS.get(sign, sign)) for sign in written))
    value = digit = 0
    for sign in written:
        if sign in _TENS:
            value, digit = value + max(digit, 1) * _TENS[sign], 0
        elif sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            raise ValueError(f"{written!r} is no Chinese number")
    return value + digit
