"""Next questions after an answer: headings and titles as they stand, close to what was cited."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, zip_longest

from app.answering.sections import Section
from app.answering.suggestions.suggestion import LONGEST, heading, heading_spans
from index.articles.catalogue import Catalogue
from index.passages.chunking import Passage

NEXT = 3  # questions at most
_LEADING = 2  # of them from the first article that is cited
_LOOKED_AT = 20  # articles of the section, or rows before and after the cited one


def next_questions(
    cited: Sequence[Passage], asked: Iterable[str], articles: Catalogue, section: Section | None = None
) -> tuple[str, ...]:
    """At most NEXT texts to ask after an answer that cites these passages, quoted from articles.

    First the other headings of the cited articles, the nearest to what is cited first: two of the first article,
    then one of each in turns. Then the titles of other articles in the `section`, else in the folder of the first
    cited article. Texts that were `asked` are left out.
    """
    if not cited:
        return ()
    by_article: dict[str, list[Passage]] = {}
    for passage in cited:
        by_article.setdefault(passage.article.id, []).append(passage)
    first, *others = (_nearest_headings(passages) for passages in by_article.values())
    turns = zip_longest(*others, first[_LEADING:])
    headings = chain(first[:_LEADING], (text for turn in turns for text in turn if text))
    known = {_folded(text) for text in asked} | {_folded(passage.article.title) for passage in cited}
    different: dict[str, str] = {}
    for text in chain(headings, _titles(list(by_article), articles, section)):
        if len(text) <= LONGEST and _folded(text) not in known:
            different.setdefault(_folded(text), text)
        if len(different) == NEXT:
            break
    return tuple(different.values())


def _nearest_headings(passages: Sequence[Passage]) -> list[str]:
    """The headings of an article whose sections hold none of these passages of it, the nearest to the first first.

    Of two that are equally near the later one comes first.
    """
    article = passages[0].article
    spans = heading_spans(article)
    sections = pairwise([*(start for start, _ in spans), len(article.text)])
    held = [any(passage.start < end and start < passage.end for passage in passages) for start, end in sections]
    here = sum(start <= passages[0].start for start, _ in spans) - 1
    order = sorted(range(len(spans)), key=lambda place: (abs(place - here), -place))
    return [heading(article, *spans[place]) for place in order if not held[place]]


def _titles(cited: Sequence[str], articles: Catalogue, section: Section | None) -> Iterator[str]:
    """The titles of other articles in the section, else in the folder of the first cited article."""
    folder = f"{cited[0].rpartition('/')[0]}/"
    beside = (name for name in articles.beside(cited[0], _LOOKED_AT) if name.startswith(folder))
    names = sorted(section.articles)[:_LOOKED_AT] if section else beside
    for name in names:
        if name not in cited and (entry := articles.entry(name)):
            yield entry.title


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" ?？.。")
