"""Figures: a question about a year or a place in an order is not answered by a passage that knows others alone."""

from index.articles.dates import ORDINALS, ordinal_number, years_in
from index.keywords.tokenizer import words_of
from index.patterns import lazy
from index.search.hits import Hit
from index.search.values.kinds import number_asked
from index.search.values.years import asked_years

_ORDERED = lazy(rf"\b(?P<place>{'|'.join(ORDINALS)}|\d{{1,3}}(?=st|nd|rd|th))(?:st|nd|rd|th)? (?P<noun>[a-z]{{3,}})")
_NUMBERED = lazy(r"\b(?P<noun>[a-z]{3,}) (?P<place>\d{1,3})(?![\d.,]*\d)")
_NO_THING = words_of("time quarter half year month week day place party hand person number")


def lacks_asked_place(question: str, hit: Hit) -> bool:
    """Whether the question asks about, say, the fifth floor, and the passage knows other floors alone."""
    passage = hit.passage
    told = _places(f"{passage.article.title}\n{passage.text}")
    return any(noun in told and not places & told[noun] for noun, places in _places(question).items())


def _places(text: str) -> dict[str, set[int]]:
    """The places in an order, from 1, that a text gives of each thing: by its index term."""
    found: dict[str, set[int]] = {}
    for match in (*_ORDERED.finditer(text.lower()), *_NUMBERED.finditer(text.lower())):
        for noun in words_of(match["noun"]) - _NO_THING:
            found.setdefault(noun, set()).add(ordinal_number(match["place"]))
    return found


def lacks_asked_year(question: str, hit: Hit) -> bool:
    """Whether the question asks for a number of a year, and the passage names other years and is not of that year."""
    years = asked_years(question)
    if not years or number_asked(question) in (None, "date"):
        return False
    article = hit.passage.article
    named = {*years_in(article.title), *years_in(hit.passage.text)}
    return bool(named) and years.isdisjoint(named | {article.published[:4]})
