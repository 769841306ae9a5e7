"""No ghosts: what a file does not say any more is not in the next answer, with or without a build."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.citation import Citation
from app.answering.collection import Collection
from app.answering.language import chosen
from app.answering.reply import answer_of
from app.web.chat.cards import answer_html
from index.reading.freshness import State
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.web import web_client

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
COPY = "The harbour was dredged in March."


def collected(folder: Path, root: Path) -> Collection:
    """The collection of a build made now."""
    build(folder, root, IDENTITY, load=HashingEncoder)
    return Collection.of(searcher_of(root))


def answered(collection: Collection, question: str = QUESTION, k: int = 5) -> Answer:
    return answer_of(collection, Question(question), k)


def shown(answer: Answer) -> list[str]:
    return [citation.article for citation in answer.citations or answer.closest]


@pytest.fixture
def collection(folder: Path, root: Path) -> Collection:
    return collected(folder, root)


def test_every_citation_of_an_untouched_folder_is_verified(collection: Collection) -> None:
    answer = answered(collection)
    assert [(c.article, c.receipt) for c in answer.citations][:1] == [("moon", "verified")]
    assert {c.receipt for c in answer.citations} == {"verified"}


@pytest.mark.parametrize("how", ["deleted", "changed", "renamed"])
def test_from_the_next_question_on_the_next_best_takes_the_place_of_a_lost_article(
    how: str, collection: Collection, folder: Path
) -> None:
    assert shown(answered(collection))[0] == "moon"
    moon = folder / "moon.md"
    if how == "changed":
        moon.write_text("The Moon is far.", "utf-8")
    else:
        moon.rename(folder / "luna.md") if how == "renamed" else moon.unlink()
    for question in (QUESTION, QUESTION, "dark seas of basalt"):
        answer = answered(collection, question)
        assert "moon" not in shown(answer)
        assert set(shown(answer)) == {"garden/bees", "zh/tea"}
        assert [c.number for c in answer.citations or answer.closest] == list(range(1, len(shown(answer)) + 1))


def test_closest_passages_are_of_fresh_articles_alone(collection: Collection, folder: Path) -> None:
    question = "Which orchestra toured Portugal?"
    before = shown(answered(collection, question))
    assert (answered(collection, question).answered, before[0]) == (False, "garden/bees")
    (folder / "garden/bees.md").unlink()
    after = answered(collection, question)
    assert (after.answered, shown(after)) == (False, [article for article in before if article != "garden/bees"])
    assert {c.receipt for c in after.closest} == {"verified"}


def test_a_file_that_is_put_back_answers_again(collection: Collection, folder: Path) -> None:
    moon = folder / "moon.md"
    before, answer = moon.read_bytes(), answered(collection)
    moon.write_text("Nothing.", "utf-8")
    assert "moon" not in shown(answered(collection))
    moon.write_bytes(before)
    assert answered(collection) == answer


def test_equal_text_in_another_article_stays(folder: Path, tmp_path: Path) -> None:
    write_articles(folder, {"a.md": COPY, "b.md": COPY})
    collection = collected(folder, tmp_path / "copies")
    assert shown(answered(collection, "When was the harbour dredged?", 1)) == ["a"]
    (folder / "a.md").unlink()
    answer = answered(collection, "When was the harbour dredged?", 1)
    assert [(c.article, c.quote, c.receipt) for c in answer.citations] == [("b", COPY, "verified")]
    (folder / "b.md").write_text(COPY.replace("March", "April"), "utf-8")
    assert not {"a", "b"} & set(shown(answered(collection, "When was the harbour dredged?")))


def test_of_a_folder_that_changed_nearly_all_over_the_rest_answers_at_once(folder: Path, tmp_path: Path) -> None:
    crowd = {f"crowd/{n:03}.md": f"Probe {n} brought {n} grams of lunar soil to Earth." for n in range(400)}
    write_articles(folder, crowd)
    collection = collected(folder, tmp_path / "crowd")
    assert all(article.startswith("crowd/") for article in shown(answered(collection)))
    for name in crowd:
        (folder / name).write_text("Gone.", "utf-8")
    assert shown(answered(collection))[0] == "moon"
    assert set(shown(answered(collection))) == {"moon", "garden/bees", "zh/tea"}


def test_of_a_folder_that_changed_all_over_nothing_is_shown(collection: Collection, folder: Path) -> None:
    for path in folder.rglob("*.md"):
        path.write_text("Nothing.", "utf-8")
    answer = answered(collection)
    assert (answer.answered, answer.citations, answer.closest) == (False, (), ())


def test_a_folder_that_is_away_answers_unchecked(collection: Collection, folder: Path) -> None:
    folder.rename(folder.with_name("away"))
    assert [(c.article, c.receipt) for c in answered(collection, k=1).citations] == [("moon", "unchecked")]


RECEIPTS = {
    "verified": "Checked now: the file still says so",
    "unchecked": "Not checked: the folder of the articles cannot be seen from here",
}


@pytest.mark.parametrize("state", RECEIPTS)
def test_a_receipt_stands_in_every_form_of_an_answer(state: str, searcher: Searcher, folder: Path) -> None:
    if state == "unchecked":
        folder.rename(folder.with_name("away"))
    reply = web_client(searcher).post("/api/ask", json={"question": QUESTION, "k": 1}).json()
    assert [c["receipt"] for c in reply["citations"]] == [state]
    html = answer_html(answer_to(searcher, QUESTION, 1), chosen())
    receipts = set(re.findall(r'<p class="receipt (\w+)">([^<]*)</p>', html))
    assert receipts == {(state, RECEIPTS[state])}


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("changed", "The file has changed this very moment"),
        ("gone", "The file has been removed this very moment"),
    ],
)
def test_what_is_lost_while_an_answer_is_made_is_told_in_it(state: State, text: str, searcher: Searcher) -> None:
    answer = answer_to(searcher, QUESTION, 1)
    told = answer_html(replace(answer, citations=(replace(answer.citations[0], receipt=state),)), chosen())
    assert f'<p class="receipt {state}">{text}</p>' in told


class Model:
    """Content of a folder, kept beside it: the text of every file, by name."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance, self.count = folder, chance, 0
        self.files: dict[str, str] = {}

    def step(self) -> None:
        """Add, change, delete or rename a file."""
        options = [self._add, self._change, self._delete, self._rename] if len(self.files) > 3 else [self._add]
        self.chance.choice(options)()

    def fact(self, name: str) -> str:
        """The word that no other text has."""
        return self.files[name].split()[0]

    def _write(self, name: str) -> None:
        self.count += 1
        self.files[name] = f"fact{self.count:03} is what this article says of the harbour."
        text = json.dumps({"id": "a", "text": self.files[name]}) if name.endswith(".jsonl") else self.files[name]
        write_articles(self.folder, {name: text})

    def _new(self) -> str:
        return self.chance.choice(["{}.md", "sub/{}.txt", "sub/deep/{}.md", "{}.jsonl"]).format(self.count)

    def _add(self) -> None:
        self._write(self._new())

    def _change(self) -> None:
        self._write(self._any())

    def _delete(self) -> None:
        name = self._any()
        (self.folder / name).unlink()
        del self.files[name]

    def _rename(self) -> None:
        old, new = self._any(), f"renamed/{self.count}-{self.chance.randrange(10**6)}"
        new += Path(old).suffix
        (self.folder / "renamed").mkdir(exist_ok=True)
        (self.folder / old).rename(self.folder / new)
        self.files[new] = self.files.pop(old)

    def _any(self) -> str:
        return self.chance.choice(sorted(self.files))


def cited_file(collection: Collection, citation: Citation) -> str:
    article = collection.searcher.articles.by_id(citation.article)
    assert article is not None
    return article.file


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_in_100_steps_there_is_no_ghost_and_after_a_build_nothing_is_missing(seed: int, tmp_path: Path) -> None:
    model = Model(tmp_path / "articles", random.Random(seed))  # noqa: S311 - a test repeats
    for _ in range(8):
        model.step()
    collection = collected(model.folder, tmp_path / "index")
    facts: list[str] = []
    for step in range(100):
        facts = sorted({*facts, *(model.fact(name) for name in model.files)})
        model.step()
        if step % 10 == 9:
            collection = collected(model.folder, tmp_path / "index")
            found = {name: answered(collection, model.fact(name), 1) for name in model.files}
            assert {n: [cited_file(collection, c) for c in a.citations or a.closest] for n, a in found.items()} == {
                name: [name] for name in model.files
            }
        answer = answered(collection, model.chance.choice(facts))
        cited = {cited_file(collection, c): c.quote for c in answer.citations or answer.closest}
        assert cited == {name: model.files.get(name) for name in cited}
