"""A question without the words of a mention, and without what links them to the rest."""

import re
from collections.abc import Iterable

from index.keywords.tokenizer import has_words
from index.passages.sentences import Span, is_cjk
from index.patterns import lazy

_LINK_BEFORE = (
    r"(?:\b(?:(?:according to|(?:told|quoted|published|reported) by|reports? (?:by|from|in))(?: the)?"
    r"|as of|on|in|of|at|for|from|by|via|per|during|dated) |[在于据])?"
)
_LINK_AFTER = r"(?:['’]s(?: (?:reports?|articles?|story|coverage))?|报道|[的份])?"

_QUOTED = lazy(
    r'"[^"]*"|“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|「[^「」]*」|『[^『』]*』|《[^《》]*》|(?<!\w)[\'‘][^\'‘’]*[\'’](?!\w)'
)
_VERB = lazy(r"(?:may|march)\b")
_AT = lazy(r"\b(?:in|on|of|by|for|from|since|during|over|within|until|till) $", re.IGNORECASE)
_STARTS = lazy(r"(?:^|[.?!:;。？！：；])[\s\"'“‘(¿]*$")


def without(question: str, words: str) -> str:
    """The question without these words and the preposition before them; unchanged if no word is left."""
    named = rf"(?<![A-Za-z0-9]){re.escape(words)}(?![A-Za-z0-9])"
    text = re.sub(f"{_LINK_BEFORE}{named}{_LINK_AFTER}", " ", question, flags=re.IGNORECASE)
    return _tidy(text, question)


def without_spans(question: str, spans: Iterable[Span]) -> str:
    """The question without these spans, which may overlap; unchanged if no word is left."""
    text, position = "", 0
    for start, end in sorted(spans):
        gap = "" if is_cjk(question[start]) else " "
        text += question[position:start] + gap
        position = max(position, end)
    return _tidy(text + question[position:], question)


def unquoted(question: str) -> str:
    """The question, of equal length, with spaces for all that stands in quotation marks or brackets of titles."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), question)


def starts_sentence(text: str, place: int) -> bool:
    """Whether a sentence begins at a place, as far as the signs before it tell."""
    return _STARTS.search(text[:place]) is not None


def is_verb(text: str, place: int) -> bool:
    """Whether "may" or "march" at this place is written small with no preposition before it, and so is no month."""
    return bool(_VERB.match(text, place)) and not _AT.search(text, 0, place)


def _tidy(text: str, question: str) -> str:
    text = re.sub(r" (?=[,.?!？，。])", "", " ".join(text.split())).strip(" ,，").replace(",?", "?").replace(",,", ",")
    return text if has_words(text) else question
