"""Encodings whose bytes pass as ASCII or UTF-8: UTF-16 without a mark, ISO-2022 and HZ."""

import codecs
import re

import regex

# Control characters that no text has; tabs, line and page breaks, and the end mark of DOS files are none.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f](?!\Z)|\x1b(?!\[)")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_ESCAPES = [
    *((name, re.compile(rb"\x1b(?:\$[@BA(]|\(I)")) for name in ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext")),
    ("iso2022_kr", re.compile(rb"\x1b\$\)C")),
    ("hz", re.compile(rb"~\{(?:[!-w][!-~]){2,}~\}")),
]
_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_STRANGE = regex.compile(r"[\p{Cn}\p{Co}\p{Cc}--[\t\n\f\r]]", regex.V1)
_SCRIPTS = [
    regex.compile(rf"[\p{{{script}}}]")
    for script in ("Latin", "Cyrillic", "Greek", "Hebrew", "Arabic", "Devanagari", "Thai", "Hangul", "Georgian")
] + [regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")]
_LEAST, _SAMPLE = 0.7, 20_000  # of the letters in a single script; bytes


def escaped(raw: bytes) -> str:
    """The encoding of bytes that switch to Chinese, Japanese or Korean by escapes; empty for others."""
    if not raw.isascii():
        return ""
    for name, escape in _ESCAPES:
        if escape.search(raw) and (text := _decoded(raw, name)) and _ASIAN.search(text):
            return name
    return ""


def wide(raw: bytes) -> str:
    """UTF-16 without a mark, if the bytes have control characters that it explains; else empty.

    The text then has letters of a single script and its spaces, and nothing that no text has.
    """
    sample = raw[:_SAMPLE]
    if len(raw) % 2 or not _CONTROLS.search(sample):
        return ""
    return next((name for name in ("utf_16_le", "utf_16_be") if _is_text(_decoded(sample, name))), "")


def _decoded(raw: bytes, name: str) -> str:
    try:
        return codecs.getincrementaldecoder(name)().decode(raw)
    except UnicodeDecodeError:
        return ""


def _is_text(text: str) -> bool:
    letters = regex.findall(r"\p{L}", text)
    if not letters or _STRANGE.search(text) or not regex.search(r"[ \n、。，]", text):
        return False
    common = max(len(script.findall(text)) for script in _SCRIPTS)
    return common >= _LEAST * len(letters) and 2 * len(letters) >= len(text)
