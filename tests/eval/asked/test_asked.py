"""Logged questions become tests in the terminal, and are asked of two builds."""

import io
import json
from functools import partial
from pathlib import Path

import pytest

from app.answering.collection import Collection
from app.answering.labelled.appending import appended, shortest
from app.answering.labelled.questions import BadSet, read_questions
from app.answering.reply import answer_of
from app.log.question_log import QuestionLog
from eval.__main__ import main
from eval.asked.difference import as_built, differences, differences_text
from eval.asked.inbox import sort_inbox
from eval.asked.logged import most_asked, of_set
from index.errors import NoIndex
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.location import NotSupported
from tests.conftest import ARTICLES, write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.postgres import Server

SLEEP = "Where do bees sleep?"


def logged(folder: Path, *asked: tuple[str, str]) -> Path:
    log = QuestionLog(folder, 90)
    for question, verdict in asked:
        log.add(question, verdict=verdict, articles=[], build="b", milliseconds=1, language="en", filters={})
    assert log.flush()
    log.close()
    return folder


def test_the_inbox_takes_a_sentence_no_answer_nothing_or_the_end(tmp_path: Path, shared_searcher: Searcher) -> None:
    path, said = tmp_path / "tests.jsonl", list[str]()
    asked = [("When does ivy feed bees?", 3), (SLEEP, 2), ("Is there tea?", 1), ("And coffee?", 1), ("Never asked", 1)]
    hits = Collection.of(shared_searcher).searcher.fused(Question(asked[0][0]), 5)
    sentences = [hit.passage.article.text[start:end] for hit in hits for start, end in hit.sentences.spans]
    number = sentences.index("Ivy feeds bees in October.") + 1
    keys = io.StringIO(f"0\n99\nx\n{number}\nN\n\nq\n")
    assert sort_inbox(asked, Collection.of(shared_searcher), path, keys, said.append) == 2
    first, second = read_questions(path, shared_searcher.articles.by_id)
    assert [(each.id, each.question, each.kind) for each in (first, second)] == [
        ("asked-001", "When does ivy feed bees?", "fact"),
        ("asked-002", SLEEP, "near-miss"),
    ]
    assert [gold.quote for part in first.gold for gold in part] == ["Ivy feeds bees in October."]
    assert [text for text in said if "none of them" in text] == [f"{key!r} is none of them" for key in ("0", "99", "x")]
    assert "Never asked" not in "".join(said)
    again = sort_inbox(asked[1:2], Collection.of(shared_searcher), path, io.StringIO("n\n"), said.append)
    assert (again, said[-1]) == (0, "the question stands in the set already, as asked-002")


def test_the_end_of_the_input_ends_the_inbox(tmp_path: Path, shared_searcher: Searcher) -> None:
    path = tmp_path / "tests.jsonl"
    assert sort_inbox([(SLEEP, 1)], Collection.of(shared_searcher), path, io.StringIO(), lambda _: None) == 0
    assert not path.exists()


def test_a_line_that_check_would_refuse_leaves_the_set_as_it_was(tmp_path: Path, shared_searcher: Searcher) -> None:
    path, find = tmp_path / "tests.jsonl", shared_searcher.articles.by_id
    path.write_text('{"id": "x", "question": "Why?", "kind": "outside", "gold": []}', "utf-8")
    for question, quotes, fault in (
        ("Who?", [("moon", "Cheese.")], "moon does not hold the quote 'Cheese.'"),
        ("Who?", [("none", "Soil")], "there is no article 'none'"),
        ("WHY?", [], "the question stands in the set already, as x"),
    ):
        with pytest.raises(BadSet, match=fault):
            appended(path, question, quotes, find)
    assert appended(path, "Who?", [("moon", "Lunar soil is dry.")], find) == "asked-001"
    assert [each.id for each in read_questions(path, find)] == ["x", "asked-001"]
    path.write_text("{", "utf-8")
    with pytest.raises(BadSet, match="is no set of questions"):
        appended(path, "What?", [], find)
    assert path.read_text("utf-8") == "{"


def test_a_sentence_that_stands_twice_is_quoted_with_its_passage(folder: Path, root: Path) -> None:
    (folder / "moon.md").write_text("Dry soil.\n\nIt is Dry soil.", "utf-8")
    build(folder, root, IDENTITY, load=HashingEncoder)
    find = open_location(root).open().articles.by_id
    assert shortest("moon", "Dry soil.", "It is Dry soil.", find) == ("moon", "It is Dry soil.")
    assert shortest("moon", "It is", "It is Dry soil.", find) == ("moon", "It is")


def test_the_most_frequent_questions_come_first_from_a_log(tmp_path: Path) -> None:
    log = logged(tmp_path / "log", ("Tea?", "answer"), (SLEEP, "none"), (SLEEP, "none"))
    assert most_asked(log) == [(SLEEP, 2), ("Tea?", 1)]
    assert most_asked(log, lambda line: line.verdict == "answer") == [("Tea?", 1)]
    assert main(["inbox", "--log", str(tmp_path / "none"), "--set", str(tmp_path / "tests.jsonl")]) == 2
    assert not (tmp_path / "none").exists()


def test_a_person_sees_which_answers_new_articles_gained_changed_and_lost(folder: Path, root: Path) -> None:
    location = open_location(root)
    old = location.open().manifest.name
    changed = ARTICLES["moon.md"].replace("1,935.3 grams", "2,000 grams").replace("They cover 16 percent", "It is dark")
    write_articles(folder, {"moon.md": changed, "sun.md": "The Sun is 4,600 million years old."})
    (folder / "garden" / "bees.md").unlink()
    build(folder, root, IDENTITY, load=HashingEncoder)
    stores = [location.open_kept(old[:6]), location.open_kept(location.open().manifest.name)]
    before, after = (as_built(Collection.of(Searcher(store, HashingEncoder()))) for store in stores)
    soil = "How many grams of lunar soil did a probe bring to Earth?"
    asked = (soil, "When does ivy feed bees?", "How old is the Sun?")
    questions = [(Question(text), 2) for text in asked]
    found = differences(questions, partial(answer_of, before), partial(answer_of, after))
    assert [each.change for each in found] == ["changed", "lost", "gained"]
    text = differences_text(found)
    assert text.startswith(
        "1 lost, 1 changed, 1 gained, 0 same\n\nlost: When does ivy feed bees?  (asked 2 times)\n  - "
    )
    assert "- ## Soil Lunar soil" not in text
    assert "1,935.3 grams" in text
    assert "+ The Sun is 4,600 million years old.  [sun]" in text
    with pytest.raises(NoIndex, match="keeps no build 'ffff'"):
        location.open_kept("ffff")


def test_a_database_names_another_place_for_an_earlier_build(postgres: Server) -> None:
    with pytest.raises(NotSupported, match="Name the address of another database, or a folder"):
        open_location(postgres.database()).open_kept("abc")


def test_diff_asks_two_indexes_and_a_set_whose_quotes_are_gone(
    real_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        {
            "id": "a",
            "question": "How many grams of lunar soil?",
            "kind": "fact",
            "gold": [[{"article": "x", "quote": "y"}]],
        },
        {"id": "b", "question": "And bees?", "kind": "fact", "gold": [], "history": [{"question": "How old is ivy?"}]},
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert of_set(path)[0].text == "How many grams of lunar soil?"
    name = open_location(real_root).open().manifest.name
    given = ["diff", name, str(real_root), "--index", str(real_root), "--reader", "none"]
    assert main([*given, "--set", str(path)]) == 0
    assert capsys.readouterr().out == "0 lost, 0 changed, 0 gained, 2 same\n"
    log = logged(tmp_path / "log", ("How many grams of lunar soil?", "answer"))
    assert main([*given, "--log", str(log)]) == 0
    assert capsys.readouterr().out == "0 lost, 0 changed, 0 gained, 1 same\n"
    assert main([*given, "--set", str(tmp_path / "none.jsonl")]) == 2
