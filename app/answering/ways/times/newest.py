"""Newest: a question for the present or the original state has alike passages in the order of their dates."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from app.answering.decision import Verdict
from app.answering.ways.times.alike import alike, article_days, reordered
from app.answering.ways.times.newest_row import with_row_in_time
from app.answering.ways.times.newest_words import FORMS
from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import starts_sentence, unquoted, without_spans
from index.articles.dates import dates_in, days_of, years_in
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.patterns import lazy
from index.search.hits import Hit

_NEAR = 24  # characters before a word that tell whether it is meant
_LONGEST = 200  # characters of a clause before and after a word
_PAST = lazy(r"\b(?:was|were|did|had|happened)\b", re.IGNORECASE)
_CLAUSE = lazy(r"[.?!,;](?:\s|$)|[。？！，；]|\b(?:and|but|or)\b")
_WHY = lazy(r"^\W*(?:and |but )?why\b|为什么|为何", re.IGNORECASE)  # "Why is it still dry?" asks for a reason
_PREVIOUS = lazy(
    r"\b(?:previous|former|preceding|predecessors?|ex-|until|used to|succeed\w*|replac\w+|took over|handed over)"
    r"|前任|原[任来]|上一?[任届]|接替",
    re.IGNORECASE,
)
_FIRST = lazy(r"\bfirst\b|首任的?|第一[任届]的?", re.IGNORECASE)
_COMES = lazy(r"\b(?:from|as of|as from|starting|effective|will|with effect)\b|[起将]", re.IGNORECASE)
_STILL = lazy(r"still|(?:no|any) longer|any ?more|仍[然旧]|依然|还", re.IGNORECASE)


class Newest(Way):
    """The present state ("latest", "currently", 最新) or the original one ("originally", 最初)."""

    kind = "newest"
    depth = 20

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The words that ask for the newest, the oldest or the one before the newest; none for newest and oldest.

        With a year, "the previous record, of 2023" asks for that year.
        """
        found = [(value, span) for value, span in _found(text) if not (_WHY.search(text) and _is_still(text, span))]
        before = [each for each in found if each[0] == "previous"]
        found = [each for each in found if each not in before] if years_in(text) else before or found
        values = {value for value, _ in found}
        return [Mention("newest", value, text[start:end]) for value, (start, end) in found] if len(values) == 1 else []

    def tells(self, mention: Mention, known: Known) -> bool:
        """Whether articles have different dates."""
        return known.facets.dates[0] != known.facets.dates[1]

    def searches(self, mention: Mention) -> bool:
        """False for Chinese words: cut into pairs of characters, "the present" would find "at the present address"."""
        return mention.text.isascii()

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without the words for the time; "first" stays, as texts may well say so."""
        values = {mention.value, "newest"} if mention.value == "previous" else {mention.value}
        spans = [span for value, span in _found(text) if value in values]
        return without_spans(text, [span for span in spans if not _FIRST.fullmatch(text, *span)])

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Alike hits by their dates, undated behind; for the newest, outdated and coming ones last.

        Rows of a table are marked so. For the previous one the newest comes behind the one before it.
        """
        has_changed = any(_STILL.fullmatch(mention.text) for mention in mentions)
        same = alike(hits, known, has_changed=has_changed)
        if any(_says(hits[position], mentions[0]) for position in same):
            return hits
        ranks = _ranks([hits[position] for position in same], mentions[0], known)
        hits = reordered(hits, same, lambda hit: ranks[hit.passage.id])
        if mentions[0].value == "previous":
            return hits
        newest, today = mentions[0].value == "newest", known.today.toordinal()
        return [with_row_in_time(hit, today, newest=newest) for hit in hits]

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """At most `related` for the previous one where the first passage neither says so nor is older than another."""
        if mention.value != "previous" or verdict != "answer" or not hits:
            return verdict
        first = hits[0].passage.article
        is_older = first.published and any(hit.passage.article.published > first.published for hit in hits[1:])
        return verdict if is_older or _says(hits[0], mention) else "related"

    def explained(
        self, passage: Passage, mention: Mention, known: Known, search: Callable[[], Sequence[Hit]]
    ) -> bool | None:
        """Whether the passage is the one that is asked for among the alike hits, or as old as that."""
        hits = search()
        has_changed = _STILL.fullmatch(mention.text) is not None
        same = [hits[position] for position in alike(hits, known, has_changed=has_changed)]
        ranks = _ranks(same, mention, known)
        return passage.id in ranks and ranks[passage.id] == min(ranks.values())


def _says(hit: Hit, mention: Mention) -> bool:
    """Whether the marked sentence itself says who or what was the first, or the previous one, where that is asked."""
    says = _PREVIOUS if mention.value == "previous" else _FIRST if _FIRST.fullmatch(mention.text) else None
    return says is not None and says.search(hit.passage.article.text, *hit.best_sentence) is not None


def in_force_first(hits: list[Hit], known: Known) -> list[Hit]:
    """The hits with outdated and coming ones behind those alike to them, for a question that names no time."""
    behind = {hit.passage.id for hit in hits if is_outdated(hit, known) or _is_coming(hit, known)}
    return reordered(hits, alike(hits, known), lambda hit: hit.passage.id in behind) if behind else hits


def _ranks(hits: Sequence[Hit], mention: Mention, known: Known) -> dict[str, tuple[bool, bool, int]]:
    """The places of alike hits in the order that is asked for, by the ids of their passages; lowest first.

    Undated ones come behind dated ones; for the newest, those that are outdated or not in force yet behind all, and for
    the previous one, all but those of the date before the newest.
    """
    days = {hit.passage.id: article_days(hit, known) for hit in hits}
    others = {hit.passage.id for hit in hits if _is_coming(hit, known)}
    if mention.value == "newest":
        others |= {hit.passage.id for hit in hits if is_outdated(hit, known)}
    elif mention.value == "previous":
        dates = sorted({first for name, (first, _) in days.items() if first and name not in others}, reverse=True)
        others = {name for name, (first, _) in days.items() if first not in dates[1:2]}
    else:
        return {name: (False, not first, first) for name, (first, _) in days.items()}
    return {name: (name in others, not first, -last) for name, (first, last) in days.items()}


def _is_coming(hit: Hit, known: Known) -> bool:
    """Whether the marked sentence tells of a state that begins on a later day."""
    if not _COMES.search(hit.passage.text):
        return False
    sentence = hit.passage.article.text[slice(*hit.best_sentence)]
    first_days = [days_of(dated.value)[0] for dated in dates_in(sentence)] if _COMES.search(sentence) else []
    return any(day > known.today.toordinal() for day in first_days)


def _is_still(text: str, span: Span) -> bool:
    return _STILL.fullmatch(text, *span) is not None


def is_outdated(hit: Hit, known: Known) -> bool:
    """Whether the hit's article is superseded by one that can be seen, or is no longer valid."""
    row = known.articles.row(hit.passage.article.id)
    return row is not None and known.facets.succession.is_outdated(row, known.today.toordinal())


def _found(text: str) -> Iterator[tuple[str, Span]]:
    """The value and the span of each mention outside quotation marks and names."""
    plain = unquoted(text)
    for form in FORMS:
        for match in form.words.finditer(plain):
            start, end = match.span()
            near = plain[max(0, start - _NEAR) : start]
            meant = not form.before.search(near) and not form.after.match(plain, end)
            if meant and _is_plain(plain, start, form.inside) and not (form.present and _is_past(plain, start)):
                yield form.value, (start, end)


def _is_plain(text: str, start: int, inside: bool) -> bool:
    """Whether the word is no part of a name: it is written small, or begins a sentence where that is no set phrase."""
    if not text[start].isupper() or text.isupper():
        return True
    return not inside and starts_sentence(text, start)


def _is_past(text: str, start: int) -> bool:
    """Whether the clause around this place tells of the past."""
    first, last = max(0, start - _LONGEST), start + _LONGEST
    begin = max((match.end() for match in _CLAUSE.finditer(text, first, start)), default=first)
    stop = _CLAUSE.search(text, start, last)
    return bool(_PAST.search(text, begin, stop.start() if stop else last))
