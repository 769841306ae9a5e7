"""Language detection for clear cases."""

import regex

_SAMPLE = 20_000  # characters
_WORD = regex.compile(r"\p{Latin}[\p{Latin}\p{M}'’]*")
# The most common English words that are not words of German, French, Spanish, Italian or Dutch.
_ENGLISH = frozenset("the of and to that for with was were from this are by which has have been its their".split())
_ENGLISH_SHARE = 0.12  # of the words; in running English over a fifth
_LEAST_WORDS = 12


def language_of(text: str) -> str:
    """The language `zh` or `en`; empty for other languages, a mixture, or a text too short to tell."""
    sample = text[:_SAMPLE]
    letters = len(regex.findall(r"\p{L}", sample))
    han = len(regex.findall(r"\p{Han}", sample))
    kana_or_hangul = len(regex.findall(r"[\p{Hiragana}\p{Katakana}\p{Hangul}]", sample))
    if han > 0.5 * letters and kana_or_hangul < 0.02 * han:
        return "zh"
    words = [word.lower() for word in _WORD.findall(sample)]
    is_latin = sum(map(len, words)) > 0.9 * letters
    common = sum(word in _ENGLISH for word in words)
    return "en" if is_latin and len(words) >= _LEAST_WORDS and common >= _ENGLISH_SHARE * len(words) else ""
