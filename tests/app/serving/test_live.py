import logging
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.reply import answer_of
from app.serving.live import Live
from index.encoder.encoder import Encoder
from index.encoder.model_files import Identity
from index.errors import BadModel, NoIndex
from index.search.hits import Hit
from index.search.questions.question import Question
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, roll_back
from tests.conftest import PROJECT, write_articles
from tests.hashing import IDENTITY, HashingEncoder

QUESTION = "How many grams of soil did probe bring to Earth?"
OTHER = Identity("hashing-2", "1" * 64, question_prefix="ask: ")
BUILD = """
import sys
from pathlib import Path
from index.stores.builds.build import build
from tests.hashing import IDENTITY, HashingEncoder
build(Path(sys.argv[1]), Path(sys.argv[2]), IDENTITY, load=HashingEncoder)
"""


class Loads:
    """Loads encoders, and counts how often."""

    def __init__(self) -> None:
        self.identities: list[Identity] = []
        self.encoders: list[Encoder] = []

    def __call__(self, identity: Identity) -> Encoder:
        self.identities.append(identity)
        self.encoders.append(HashingEncoder(identity))
        return self.encoders[-1]


def until(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds; only a fault takes as long as the limit, never a busy machine."""
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, "the condition never held"
        time.sleep(0.01)


def name(live: Live) -> str:
    return live.current().searcher.manifest.name


def ask(live: Live, question: str = QUESTION) -> Answer:
    collection = live.current()
    return answer_of(collection, Question(question), 3)


def built(folder: Path, root: Path, articles: dict[str, str], identity: Identity = IDENTITY) -> str:
    """The name of a build of the folder with these articles written into it first."""
    return build(write_articles(folder, articles), root, identity, load=HashingEncoder).build


@pytest.mark.slow
def test_a_build_of_another_process_is_followed(folder: Path, root: Path) -> None:
    live = Live(root, HashingEncoder)
    before = name(live)
    write_articles(folder, {"sun.md": "A probe flew past the Sun in 2018."})
    subprocess.run([sys.executable, "-c", BUILD, str(folder), str(root)], cwd=PROJECT, check=True)
    until(lambda: name(live) != before)
    assert name(live) == live_build(root).name
    answer = ask(live, "When did a probe fly past the Sun?")
    assert [(c.article, c.receipt) for c in answer.citations][:1] == [("sun", "verified")]


def test_the_collection_stays_the_same_object_while_no_other_build_is_live(folder: Path, root: Path) -> None:
    live = Live(root, HashingEncoder)
    first = live.current()
    build(folder, root, IDENTITY, load=HashingEncoder)  # nothing has changed: no build
    assert live.current() is first
    assert live.current().sections is first.sections


def test_a_request_goes_on_with_the_collection_it_began_with(folder: Path, root: Path) -> None:
    live = Live(root, HashingEncoder)
    begun = live.current()
    before = answer_of(begun, Question(QUESTION))
    for number in range(3):  # the first build is removed from the disk
        built(folder, root, {"n.md": f"Number {number}."})
        until(lambda: name(live) == live_build(root).name)
    assert not (root / "builds" / begun.searcher.manifest.name).exists()
    assert answer_of(begun, Question(QUESTION)) == before


def test_the_encoder_stays_where_the_new_build_has_the_same(folder: Path, root: Path) -> None:
    loads = Loads()
    live = Live(root, loads)
    wanted = built(folder, root, {"sun.md": "The Sun is hot."})
    until(lambda: name(live) == wanted)
    assert loads.identities == [IDENTITY]


def test_a_build_of_another_encoder_is_searched_with_that(folder: Path, root: Path) -> None:
    loads = Loads()
    live = Live(root, loads)
    wanted = built(folder, root, {"sun.md": "The Sun is hot."}, OTHER)
    until(lambda: name(live) == wanted)
    assert loads.identities == [IDENTITY, OTHER]
    assert live.current().searcher.manifest.identity == OTHER
    assert live.current().searcher.encoder is loads.encoders[1]
    assert ask(live, "Is the Sun hot?").citations[0].article == "sun"


def test_a_rollback_is_followed_and_shows_no_ghost(folder: Path, root: Path) -> None:
    live = Live(root, HashingEncoder)
    first = name(live)
    (folder / "zh/tea.md").unlink()
    second = built(folder, root, {"sun.md": "The Sun is hot."})
    until(lambda: name(live) == second)
    roll_back(root)
    until(lambda: name(live) == first)
    answer = ask(live, "绿茶不发酵")
    assert "zh/tea" not in [c.article for c in answer.citations + answer.closest]
    roll_back(root)
    until(lambda: name(live) == second)


def damage_table(root: Path) -> None:
    table = live_build(root) / "passages.npy"
    table.write_bytes(table.read_bytes()[:-1])


def damage_pointer(root: Path) -> None:
    fresh = root / "fresh"
    fresh.write_text("no build\n", "utf-8")
    fresh.replace(root / "CURRENT")


def remove_index(root: Path) -> None:
    root.rename(root.with_name("away"))


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (damage_table, "passages.npy has "),
        (damage_pointer, "CURRENT names 'no build', which is not a build"),
        (remove_index, "no index at "),
    ],
)
def test_where_the_new_build_is_broken_the_old_one_answers_and_that_is_said_once(
    harm: Callable[[Path], None], reason: str, folder: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = Live(root, HashingEncoder)
    before, answer = name(live), ask(live)
    built(folder, root, {"sun.md": "The Sun is hot."})
    harm(root)
    for _ in range(20):
        assert ask(live) == answer
        time.sleep(0.01)
    until(lambda: bool(caplog.records) and not live._following.locked())
    assert [(record.levelno, record.name) for record in caplog.records] == [(logging.ERROR, "app.serving.live")]
    assert re.match(rf"^the new build is not used: .*{re.escape(reason)}", caplog.records[0].getMessage())
    assert name(live) == before


def test_after_a_broken_build_the_next_one_is_followed(folder: Path, root: Path) -> None:
    live = Live(root, HashingEncoder)
    built(folder, root, {"sun.md": "The Sun is hot."})
    damage_table(root)
    name(live)
    wanted = built(folder, root, {"mars.md": "Mars is red."})
    until(lambda: name(live) == wanted)


def test_an_index_that_was_away_and_is_back_is_followed(folder: Path, root: Path) -> None:
    live = Live(root, HashingEncoder)
    root.rename(root.with_name("away"))
    name(live)
    until(lambda: not live._following.locked())
    root.with_name("away").rename(root)
    wanted = built(folder, root, {"sun.md": "The Sun is hot."})
    until(lambda: name(live) == wanted)


def test_an_encoder_that_cannot_be_loaded_leaves_the_old_build(
    folder: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def load(identity: Identity) -> Encoder:
        if identity != IDENTITY:
            raise BadModel("no such model")
        return HashingEncoder(identity)

    live = Live(root, load)
    before = name(live)
    built(folder, root, {"sun.md": "The Sun is hot."}, OTHER)
    name(live)
    until(lambda: bool(caplog.records))
    assert (name(live), caplog.records[0].getMessage()) == (before, "the new build is not used: no such model")


def test_without_an_index_nothing_is_opened(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match=r"^no index at "):
        Live(tmp_path / "none", HashingEncoder)


@pytest.mark.slow
def test_while_12_builds_go_live_every_answer_is_of_one_build_whole(tmp_path: Path) -> None:
    """Every text of a build holds its number, so that a mixed answer would show."""
    folder, root = tmp_path / "articles", tmp_path / "index"
    texts = {built(folder, root, edition(0)): 0}
    live, end = Live(root, HashingEncoder), threading.Event()
    answers: list[tuple[str, list[Hit]]] = []

    def keep_asking() -> None:
        while not end.is_set():
            searcher = live.current().searcher
            answers.append((searcher.manifest.name, searcher.search(Question(QUESTION), 3)))

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 13):
        texts[built(folder, root, edition(number))] = number
        until(lambda: name(live) == live_build(root).name)
    end.set()
    for thread in threads:
        thread.join()
    for build_name, hits in answers:
        found = {(hit.passage.article.id, hit.passage.text) for hit in hits}
        assert found == {(key[:-3], text) for key, text in edition(texts[build_name]).items()}
    assert len({build_name for build_name, _ in answers}) > 6


def edition(number: int) -> dict[str, str]:
    """Three articles of one build."""
    return {f"{letter}.md": f"Probe {letter} brought {number} grams of soil to Earth." for letter in "abc"}
