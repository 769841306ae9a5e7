"""Newer articles: a later article that states another figure or name for what a citation says."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.answering.links import passage_address
from app.answering.ways.times.alike import alike, article_days
from app.answering.ways.way import Known
from index.articles.dates import is_year
from index.keywords.numbers import numbers_in
from index.keywords.tokenizer import is_value, tokenise, words_of
from index.patterns import lazy
from index.search.hits import Hit
from index.search.questions.names import name_terms

# Shares of terms, chosen so that on the project's own questions hardly a note is shown and none is wrong.
_SENTENCES, _QUESTION = 0.6, 0.6
_WHO = lazy(r"\b(?:who|whom|whose|name|named|called)\b|谁|哪位|叫什么", re.IGNORECASE)
_BEHIND = lazy(r"[\s-]*[^\W\d_]+")
_CHANGE = lazy(r"\bfrom\b|[由从]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Newer:
    """A later article on the same subject, and its sentence that states another value."""

    article: str
    title: str
    published: str
    quote: str
    link: str


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sentence as terms: numbers with the term that follows each, years, names, and the other words.

    `opening` is its first word, empty for a stop word and a number; it may be a name as well.
    """

    units: dict[str, str]
    years: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]
    opening: str

    @classmethod
    def of(cls, hit: Hit, asked: frozenset[str]) -> "_Statement":
        """The statement of a hit's best sentence; what the question names is no value of it."""
        sentence = unicodedata.normalize("NFKC", _sentence(hit))
        found = frozenset(tokenise(sentence))
        years = frozenset(term for term in found if is_year(term))
        units = _units(sentence, years | asked)
        names = _names(sentence) - asked
        first = words_of(sentence.split(maxsplit=1)[0])
        opening = "".join(first - asked) if len(first) == 1 and not first <= units.keys() | years else ""
        names |= {opening} & (_names(hit.passage.text) if opening else frozenset())
        return cls(units, years, names, found - names - years - units.keys(), opening)


def _names(text: str) -> frozenset[str]:
    """The names of a text that are no numbers."""
    return frozenset(term for term in name_terms(text) if not is_value(term))


def _units(sentence: str, others: frozenset[str]) -> dict[str, str]:
    """The numbers of a sentence, each with the term of the word behind it, "" for none; without the others."""
    units: dict[str, str] = {}
    for number in numbers_in(sentence):
        if others.isdisjoint(number.values):
            behind = _BEHIND.match(sentence, number.end)
            units[number.values[0]] = next(iter(tokenise(number.unit or (behind[0] if behind else ""))), "")
    return units


def newer_of(hits: Sequence[Hit], question: str, known: Known, base: str) -> dict[tuple[str, int], Newer]:
    """The newest contradicting article of each passage, by the passage's article and start.

    Only alike hits are compared. Links begin with `base`.
    """
    same = [hits[position] for position in alike(hits, known)]
    asked, newer = words_of(question), dict[tuple[str, int], Newer]()
    statement = cache(lambda row: _Statement.of(same[row], asked))
    for row, hit in enumerate(same):
        later = [
            other
            for at, other in enumerate(same)
            if _is_later(other, hit, known) and _contradicts((other, statement(at)), (hit, statement(row)), question)
        ]
        if later:
            newest = max(later, key=lambda other: article_days(other, known)[1])
            newer[hit.passage.article.id, hit.passage.start] = _note(newest, base)
    return newer


def _note(hit: Hit, base: str) -> Newer:
    article = hit.passage.article
    link = base + passage_address(hit.passage, hit.best_sentence)
    return Newer(article.id, article.title, article.published, _sentence(hit), link)


def _is_later(other: Hit, hit: Hit, known: Known) -> bool:
    """Whether the other hit's article is of a later date, or supersedes the hit's."""
    row, superseding = known.articles.row(hit.passage.article.id), known.articles.row(other.passage.article.id)
    if row is not None and superseding in known.facets.succession.superseding.get(row, ()):
        return True
    return 0 < article_days(hit, known)[1] < article_days(other, known)[0]


def _contradicts(later: tuple[Hit, _Statement], earlier: tuple[Hit, _Statement], question: str) -> bool:
    """Whether the best sentences say the same of different values: numbers, or names if the question asks for one."""
    asked = words_of(question)
    (other, new), (hit, old) = later, earlier
    if _years(old, hit, asked) != _years(new, other, asked) or not _are_of_one_thing(old, new, asked):
        return False
    if _WHO.search(question):
        return bool(old.names and new.names) and not old.names & new.names
    if old.names != new.names or (old.opening and new.opening and old.opening != new.opening):
        return False  # of another place or institution
    told, common = new.units.keys() - old.units.keys(), new.units.keys() & old.units.keys()
    units, others = set(old.units.values()), {new.units[number] for number in told}
    changed = not common or (common == old.units.keys() and bool(_CHANGE.search(_sentence(other))))
    return bool(old.units and told) and changed and bool(units & others or "" in units | others)


def _are_of_one_thing(old: _Statement, new: _Statement, asked: frozenset[str]) -> bool:
    """Whether the sentences share most of their words, or both have most of the question's."""
    fewest = min(len(old.words), len(new.words))
    if fewest and len(old.words & new.words) >= _SENTENCES * fewest:
        return True
    both = [len(asked & (each.words | each.names)) >= _QUESTION * len(asked) for each in (old, new)]
    return bool(asked) and all(both)


def _years(statement: _Statement, hit: Hit, asked: frozenset[str]) -> frozenset[str]:
    """The years of a sentence; that of its article says nothing unless the question names a year."""
    if any(map(is_year, asked)):
        return statement.years
    return statement.years - {hit.passage.article.published[:4]}


def _sentence(hit: Hit) -> str:
    start, end = hit.best_sentence
    return hit.passage.article.text[start:end]
