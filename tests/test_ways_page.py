"""docs/ways.md: each of its examples, asked of the collection that it names, gives what its line says."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.reply import Wishes, answer_of
from app.answering.ways.all import WAYS
from app.terminal import answer_text
from index.articles.filters import Filters
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import PROJECT
from tests.hashing import searcher_of

PAGE = (PROJECT / "docs" / "ways.md").read_text("utf-8")
ARTICLES = PROJECT / "eval" / "ways" / "articles"
TODAY = date(2025, 12, 5)
TYPING = "While you type, and after an answer"


@dataclass(frozen=True)
class Example:
    """Example of the page: questions typed one after another, and the options that they are asked with."""

    questions: list[str]
    options: list[str]

    @classmethod
    def of(cls, text: str) -> "Example":
        spans = re.findall(r"`([^`]+)`", text)
        options = [part for span in spans if span.startswith("--") for part in shlex.split(span)]
        return cls([span for span in spans if not span.startswith("--")], options)

    def option(self, name: str) -> tuple[str, ...]:
        pairs = zip(self.options[::2], self.options[1::2], strict=True)
        return tuple(value for given, value in pairs if given == name)

    def answered(self, collection: Collection) -> Answer:
        filters = Filters(
            since="".join(self.option("--since")),
            until="".join(self.option("--until")),
            publishers=self.option("--publisher"),
            languages=self.option("--language"),
            folders=self.option("--folder"),
        )
        question = question_after(self.questions[-1], self.questions[:-1])
        wishes = Wishes(filters=filters, ignore=self.option("--ignore"), today=TODAY)
        return answer_of(collection, question, wishes=wishes)


@dataclass(frozen=True)
class Row:
    """A line of the page: its examples, the articles that come first, and the words that are shown."""

    examples: list[Example]
    articles: list[str]
    shown: list[str]


def rows(page: str) -> Iterator[tuple[str, Row]]:
    """The lines of the page's tables with their headings."""
    for section in page.split("\n## ")[1:]:
        heading = section.partition("\n")[0]
        for typed, happens in re.findall(r"^\| (`.*) \| (.*) \|$", section, re.MULTILINE):
            named = [name for name in re.findall(r"`([^`]+)`", happens) if (ARTICLES / f"{name}.md").is_file()]
            examples = [Example.of(line) for line in typed.split("<br>")]
            yield heading, Row(examples, named, re.findall(r"\*\*(.+?)\*\*", happens))


ROWS = [row for heading, row in rows(PAGE) if heading != TYPING]
TYPED = [row for heading, row in rows(PAGE) if heading == TYPING]


@pytest.fixture(scope="module", params=["hashing", pytest.param("default", marks=pytest.mark.slow)])
def collection(request: pytest.FixtureRequest, ways_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    if request.param == "hashing":
        return Collection.of(searcher_of(ways_root))
    root = tmp_path_factory.mktemp("default")
    build(ARTICLES, root, identify(DEFAULT_MODEL))
    return Collection.of(Searcher.open(open_location(root).open()))


def test_the_page_has_a_line_for_every_way_and_kind_of_list() -> None:
    assert len(ROWS) + len(TYPED) > 35
    assert "app/answering" not in PAGE
    assert all(row.articles or row.shown or "Hello" in row.examples[0].questions for row in ROWS)


def test_every_way_is_asked_by_some_line(collection: Collection) -> None:
    known = collection.known(TODAY)
    asked = [question for row in ROWS for example in row.examples for question in example.questions]
    missing = {kind for kind, way in WAYS.items() if not any(list(way.recognise(text, known)) for text in asked)}
    assert missing == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.examples[0].questions[-1][:50])
def test_an_example_gives_what_its_line_says(row: Row, collection: Collection) -> None:
    answers = [example.answered(collection) for example in row.examples]
    if row.articles:
        firsts = [(answer.citations or answer.closest)[0].article for answer in answers]
        assert firsts == (row.articles if len(row.articles) > 1 else row.articles * len(answers))
    text = " ".join(answer_text(answers[0], colour=False).split())
    assert [words for words in row.shown if words not in text] == []
    kinds = [{mention.kind for mention in answer.preferences} for answer in answers]
    assert [kinds[0] - others for others in kinds] == [set()] * len(answers)
    assert {bool(answer.help) for answer in answers} == {row.articles == row.shown == []}


@pytest.mark.parametrize("row", TYPED, ids=lambda row: row.examples[0].questions[-1])
def test_what_is_typed_has_the_suggestion_of_its_line(row: Row, collection: Collection) -> None:
    (example,) = row.examples
    assert row.shown[0] in [suggestion.text for suggestion in collection.suggested(example.questions[0])]
