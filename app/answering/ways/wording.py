"""A question without the words of a mention, and without what links them to the rest."""

import re

from index.keywords.tokenizer import has_words

_LINK_BEFORE = (
    r"(?:\b(?:(?:according to|(?:told|quoted|published|reported) by|reports? (?:by|from|in))(?: the)?"
    r"|as of|on|in|of|at|for|from|by|via|per|during|dated) |[在于据])?"
)
_LINK_AFTER = r"(?:['’]s(?: (?:reports?|articles?|story|coverage))?|报道|[的份])?"


def without(question: str, words: str) -> str:
    """The question without these words and the preposition before them; unchanged if no word is left."""
    named = rf"(?<![A-Za-z0-9]){re.escape(words)}(?![A-Za-z0-9])"
    text = re.sub(f"{_LINK_BEFORE}{named}{_LINK_AFTER}", " ", question, flags=re.IGNORECASE)
    text = re.sub(r" (?=[,.?!])", "", " ".join(text.split())).strip(" ,，").replace(",?", "?")
    return text if has_words(text) else question
