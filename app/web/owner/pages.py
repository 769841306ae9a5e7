"""The owner's pages as HTML: the overview, a question with its nearest passages, what was done."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from urllib.parse import urlencode

from app.answering.collection import Collection
from app.answering.links import passage_address
from app.answering.pinned.leading import lost_pins
from app.answering.pinned.pins import Pin, read_pins
from app.log.question_log import LoggedQuestion
from app.settings import Settings
from app.web.owner.decisions import is_shown, pin_key, sentence_name
from app.web.owner.grouping import MOST_NEAR, groups_of
from app.web.owner.overview import DAYS, VERDICTS, Selection, overview
from app.web.owner.plots import plots_of
from app.web.pages import Site
from index.search.hits import Hit
from index.search.questions.question import checked
from index.stores.notes import read_coverage

_LISTED, _NEVER = 200, 100  # questions of a list, and articles of one
_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage on the page: its article's title, where it opens, its sentences with their names, and the best one."""

    title: str
    link: str
    sentences: Sequence[tuple[str, str]]
    best: str


def overview_page(
    lines: Sequence[LoggedQuestion], selection: Selection, collection: Collection, site: Site, settings: Settings
) -> str:
    """The page of the numbers of these lines, which name visible articles alone, and of those selected."""
    searcher = collection.searcher
    numbers = overview(lines, searcher.articles, searcher.facets, date.today())
    fitting = [line for line in reversed(lines) if selection.fits(line)] if selection.narrowed else []
    unanswered = (line.question for line in lines if line.verdict != "answer")
    groups = [] if selection.narrowed else groups_of(unanswered, collection)
    return site.page(
        "owner_overview.html",
        numbers=numbers,
        days=DAYS,
        verdicts=VERDICTS,
        selection=selection,
        to_selected=partial(_address, selection),
        fitting=fitting[:_LISTED],
        count=len(fitting),
        groups=groups,
        most_near=MOST_NEAR,
        link_of=lambda hit: passage_address(hit.passage, hit.best_sentence),
        plots={} if selection.narrowed else plots_of(numbers.weeks),
        never=numbers.never[:_NEVER],
        manifest=searcher.manifest,
        articles=len(searcher.articles),
        coverage=None if settings.groups_header else (read_coverage(settings.index) or searcher.manifest.coverage),
        pins=_pins(collection, settings),
        logs=bool(settings.log),
    )


def question_page(text: str, collection: Collection, site: Site, settings: Settings) -> str:
    """The page of a question with the sentences of its nearest passages. Raises BadQuestion."""
    question = checked(text)
    return site.page(
        "owner_question.html",
        question=question,
        passages=[_shown(hit) for hit in collection.nearest(question, _PASSAGES)],
        tests=settings.tests,
        ask=f"/#{urlencode({'q': question})}",
    )


def said_page(site: Site, text: str, question: str = "", *, failed: bool = False) -> str:
    """The page that says what was done, or why it was not, and leads back to the question, if one is given."""
    return site.page("owner_said.html", text=text, question=question, failed=failed)


def _address(selection: Selection, path: str = "", **changes: object) -> str:
    """The address of the page, or of another one below it, with the selection after these changes."""
    fields = {**asdict(selection), **changes}
    fields["q"] = fields.pop("words")
    kept = {name: str(value).lower() if value is True else value for name, value in fields.items() if value}
    return f"/owner{path}?{urlencode(kept)}"


def _shown(hit: Hit) -> Shown:
    passage, article = hit.passage, hit.passage.article
    names = {span: sentence_name(article, (passage.start, passage.end), span) for span in hit.sentences.spans}
    return Shown(
        article.title,
        passage_address(passage, hit.best_sentence),
        [(name, article.text[span[0] : span[1]]) for span, name in names.items()],
        names.get(hit.best_sentence, ""),
    )


def _pins(collection: Collection, settings: Settings) -> list[tuple[str, Pin, bool]]:
    """Each pin that the owner may see with its key, and whether its passage is lost."""
    pins = read_pins(settings.index)
    lost = lost_pins(pins, collection.searcher.articles, collection.freshness)
    return [(pin_key(pin), pin, pin in lost) for pin in pins.all if is_shown(pin, collection)]
