"""Figures: a question for a number of some year is not answered by a passage that knows other years alone."""

from index.articles.dates import years_in
from index.search.hits import Hit
from index.search.values.kinds import number_asked
from index.search.values.years import asked_years


def lacks_asked_year(question: str, hit: Hit) -> bool:
    """Whether the question asks for a number of a year, and the passage names other years and is not of that year."""
    years = asked_years(question)
    if not years or number_asked(question) in (None, "date"):
        return False
    article = hit.passage.article
    named = {*years_in(article.title), *years_in(hit.passage.text)}
    return bool(named) and years.isdisjoint(named | {article.published[:4]})
