"""Builds of a folder that changes: each is what a full build would have made, whatever happened before."""

import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder.encoder import LoadEncoder
from index.ingestion.report import VectorSources
from index.search.questions.question import Question
from index.stores.builds.build import build
from index.stores.builds.directory import roll_back, verify_live
from tests.conftest import build_files, write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

STEPS = 50
FILES = 1_000

NAMES = ["a.md", "b.md", "c.txt", "deep/d.md", "deep/e.md"]
SENTENCES = [f"Bee {number} saw {'very ' * number}many flowers." for number in range(6)]
contents = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.sampled_from([*SENTENCES, "\n\n", "\n\n## Field\n\n"]), min_size=1), min_size=1
).map(lambda files: {name: "Start. " + " ".join(parts) for name, parts in files.items()})


def _always(encoder: HashingEncoder) -> LoadEncoder:
    return lambda _: encoder


@pytest.mark.slow
@settings(max_examples=12)
@given(st.lists(contents, min_size=2, max_size=5))
def test_after_any_edits_the_build_is_byte_for_byte_a_full_one(states: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, root, full = (Path(place, name) for name in ("articles", "index", "full"))
        for state in states:
            shutil.rmtree(folder, ignore_errors=True)
            build(write_articles(folder, state), root, IDENTITY, load=HashingEncoder)
        build(folder, full, IDENTITY, load=HashingEncoder)

        assert build_files(root) == build_files(full)
        assert verify_live(root)[1] == []


class Collection:
    """A folder and what it should hold: of every file, the one word that no other text ever had."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words: dict[str, str] = {}
        self.gone: list[str] = []
        self._chance = random.Random(5)  # noqa: S311 - it need only be the same in every run
        self._count = 0
        folder.mkdir()

    def step(self) -> None:
        """Add, change, delete or rename one file."""
        move = self._chance.choice(["add", "add", "change", "change", "delete", "rename"])
        if move == "add" or len(self.words) < 3:
            self._write(f"{self._chance.choice(['', 'deep/', 'deep/er/'])}{self._count}.md")
            return
        name = self._chance.choice(sorted(self.words))
        if move == "change":
            self.gone.append(self.words[name])
            self._write(name)
        elif move == "delete":
            self.gone.append(self.words.pop(name))
            (self.folder / name).unlink()
        else:
            self.words[new := f"moved-{self._count}.md"] = self.words.pop(name)
            (self.folder / name).rename(self.folder / new)
            self._count += 1

    def _write(self, name: str) -> None:
        word = f"word{self._count}x"
        # Part of each text is shared, so that equal passages come and go.
        write_articles(self.folder, {name: f"## Shared\n\nAll bees fly.\n\n## Own\n\nThe {word} is here.\n"})
        self.words[name], self._count = word, self._count + 1


@pytest.mark.slow
def test_after_every_one_of_50_steps_nothing_deleted_is_found_and_nothing_is_missing(tmp_path: Path) -> None:
    collection, root = Collection(tmp_path / "articles"), tmp_path / "index"
    encoded = 0
    for step in range(STEPS):
        collection.step()
        if step % 10 == 9:
            roll_back(root)
        encoder = HashingEncoder()
        assert build(collection.folder, root, IDENTITY, load=_always(encoder)).changed
        encoded += encoder.encoded

        searcher = searcher_of(root)
        held = {
            article.id: article.text for row in range(len(searcher.articles)) for article in [searcher.articles[row]]
        }
        assert held == {
            name.removesuffix(".md"): f"Shared\nAll bees fly.\nOwn\nThe {word} is here."
            for name, word in collection.words.items()
        }
        name, word = random.Random(step).choice(sorted(collection.words.items()))  # noqa: S311 - the same in every run
        best = searcher.search(Question(f"Where is {word}?"), 1)[0]
        assert (best.passage.article.id, word in best.passage.text) == (name.removesuffix(".md"), True)
        for ghost in collection.gone[-3:]:
            assert all(ghost not in hit.passage.text for hit in searcher.search(Question(f"Where is {ghost}?"), 5))

    assert encoded < STEPS * 1.2  # one new passage a step; with the shared text, and what a rollback forgot


@pytest.mark.slow
def test_of_many_files_of_which_a_hundredth_changed_only_that_is_encoded(tmp_path: Path) -> None:
    texts = {f"{number % 100:02}/{number}.md": f"Bee {number} saw {number * 7} flowers." for number in range(FILES)}
    folder, root = write_articles(tmp_path / "articles", texts), tmp_path / "index"
    assert build(folder, root, IDENTITY, load=HashingEncoder).origins == VectorSources(encoded=FILES)
    write_articles(folder, {name: f"{text} It came home." for name, text in list(texts.items())[::100]})
    encoder = HashingEncoder()

    report = build(folder, root, IDENTITY, load=_always(encoder))

    assert (report.origins, encoder.encoded) == (VectorSources(encoded=10, reused=990), 10)
