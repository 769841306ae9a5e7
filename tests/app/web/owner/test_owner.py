"""The owner's pages: what they show, and what their forms do."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.answering.pinned.pins import PINS, parsed_pins
from app.log.question_log import LoggedQuestion, QuestionLog
from app.web.owner.export import csv_of
from index.search.searcher import Searcher
from tests.access import HIDDEN, OPEN, built
from tests.hashing import searcher_of
from tests.owners import HOSTILE, OWNED, PROXY, SAME, SLEEP, client_of, folder, local, made

__all__ = ["folder", "local", "made"]  # fixtures


def test_the_page_shows_the_numbers_the_groups_and_the_articles(local: TestClient) -> None:
    page = local.get("/owner")
    assert page.status_code == 200
    text = " ".join(re.sub("<[^>]+>", " ", page.text).split())
    assert "12 questions in 28 days: 7 answer , 1 related , 4 none . An answer took 40 ms (median)" in text
    assert re.search(
        r"Where do bees sleep at night\? asked 4 times; \d+ passages are near Where does a bee sleep", text
    )
    assert "The Moon: soil and seas 7 answers" in text
    assert "The Moon: soil and seas published 2024-06-25; 7 answers" in text
    assert "Never cited 2" in text
    assert "x 1 answers" not in text  # there is no such article
    assert text.index("“This does not answer it” Tea?") < text.index("Articles cited most")
    assert page.text.count('src="data:image/svg+xml;base64,') == 2
    assert ("<script" in page.text, "alert(1)&lt;/script&gt;" in page.text) == (False, True)


def test_the_page_is_never_framed_and_runs_no_script(
    local: TestClient, folder: Path, shared_searcher: Searcher
) -> None:
    named = client_of(folder, shared_searcher, PROXY, **OWNED, ALLOWED_ORIGINS="https://portal.example")
    for client, headers in ((local, {}), (named, {"X-Remote-User": "ada"})):
        given = client.get("/owner", headers=headers).headers
        policy = given["content-security-policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
        assert (given["x-frame-options"], given["cache-control"]) == ("DENY", "no-store")


def test_questions_are_found_by_word_verdict_week_article_and_feedback(local: TestClient) -> None:
    for query, count in (
        ("q=BEES", 3),
        ("q=sleep night", 4),
        ("verdict=answer", 7),
        ("verdict=none&q=soil", 0),
        ("article=moon", 7),
        ("disliked=true", 1),
        ("week=2001-01-01", 0),
    ):
        page = local.get(f"/owner?{query}").text
        assert f'Selected questions <span class="about">{count}</span>' in page, query
    for wrong in ("days=0", "days=x", "verdict=maybe", "q=" + "a" * 201, "other=1"):
        assert local.get(f"/owner?{wrong}").status_code == 422, wrong


def test_the_table_holds_no_formula_and_what_is_selected(local: TestClient) -> None:
    response = local.get("/owner/questions.csv?verdict=related")
    assert response.headers["content-disposition"] == 'attachment; filename="questions.csv"'
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert [(row["question"], row["verdict"], row["helpful"]) for row in rows] == [(f"'{HOSTILE}", "related", "")]
    every = list(csv.DictReader(io.StringIO(local.get("/owner/questions.csv").text.removeprefix("\ufeff"))))
    assert [(row["articles"], row["helpful"]) for row in every][-1] == ("moon", "no")


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("why;=1+1", "why;'=1+1"),
        ('why; "@SUM(A1)"', 'why;\' "@SUM(A1)"'),
        ("=1;-2", "'=1;'-2"),
        ("5 - 3 = 2; or not?", "5 - 3 = 2; or not?"),
    ],
)
def test_no_part_of_a_text_is_a_formula_where_semicolons_separate(question: str, shown: str) -> None:
    line = LoggedQuestion(1, datetime.now(UTC), question, "none", (), "b", 1, "en", {}, None, ())
    (_, row) = csv.DictReader(io.StringIO("".join(csv_of([line, line]))))
    assert row["question"] == shown


def chosen(client: TestClient, question: str, part: str) -> str:
    """The name of the sentence on the page of a question that holds this part."""
    page = client.post("/owner/question", data={"question": question}, headers=SAME).text
    return str(next(name for name, text in re.findall(r'value="([^"]+)"> (.*?)</label>', page) if part in text))


def decide(client: TestClient, question: str, action: str, sentence: str = "") -> Response:
    fields = {"question": question, "action": action, "sentence": sentence}
    return client.post("/owner/decide", data=fields, headers=SAME)


def test_a_marked_sentence_becomes_a_test_and_a_question_without_one_a_near_miss(
    local: TestClient, folder: Path
) -> None:
    name = chosen(local, "What do bees eat in October?", "Ivy feeds")
    assert "Added to" in decide(local, "What do bees eat in October?", "test", name).text
    assert "as asked-002" in decide(local, SLEEP, "none").text
    lines = [json.loads(line) for line in (folder / "tests.jsonl").read_text("utf-8").splitlines()]
    assert [(line["id"], line["kind"], line["gold"]) for line in lines] == [
        ("asked-001", "fact", [[{"article": "garden/bees", "quote": "Ivy feeds bees in October."}]]),
        ("asked-002", "near-miss", []),
    ]
    again = decide(local, SLEEP.upper(), "none")
    assert (again.status_code, "stands in the set already, as asked-002" in again.text) == (422, True)
    assert len((folder / "tests.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_marked_passage_is_pinned_once_and_removed_again(local: TestClient, folder: Path) -> None:
    name = chosen(local, "What covers the Moon?", "16 percent")
    assert decide(local, "What covers the Moon?", "pin", name).status_code == 200
    assert decide(local, "What covers the Moon?", "pin", name).status_code == 422
    [pin] = parsed_pins((folder / PINS).read_text("utf-8")).all
    assert (pin.questions, pin.article, pin.sentence) == (
        ("What covers the Moon?",),
        "moon",
        "They cover 16 percent of its surface.",
    )
    page = local.get("/owner").text
    [key] = re.findall(r'name="pin" value="(\w+)"', page)
    assert "no longer exists" not in page
    assert local.post("/owner/unpin", data={"pin": key}, headers=SAME).status_code == 200
    assert (folder / PINS).read_text("utf-8") == ""
    assert local.post("/owner/unpin", data={"pin": key}, headers=SAME).status_code == 422


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "moon",
        "000000000000.0-9.0-9.moon",
        "{0}.0-99999.0-9.moon",
        "{0}.5-9.0-9.moon",
        "{0}.0-9.0-9.x",
    ],
)
def test_a_sentence_that_is_not_there_is_neither_pinned_nor_a_test(
    sentence: str, local: TestClient, folder: Path
) -> None:
    edition = chosen(local, "What covers the Moon?", "16 percent").partition(".")[0]
    for action in ("pin", "test"):
        assert decide(local, "Why?", action, sentence.format(edition)).status_code == 422
    assert not any((folder / name).exists() for name in (PINS, "tests.jsonl"))


def test_bounds_hold_for_every_field(local: TestClient) -> None:
    long = {"question": "a" * 2_001}
    assert local.post("/owner/question", data=long, headers=SAME).status_code == 422
    assert local.post("/owner/question", data={"question": "?!"}, headers=SAME).status_code == 422
    assert decide(local, "Why?", "drop").status_code == 422
    assert decide(local, "Why?", "pin", "a" * 2_001).status_code == 422
    assert local.post("/owner/unpin", data={"pin": "a" * 65}, headers=SAME).status_code == 422
    assert local.post("/owner/question", content=b"a" * 1_100_000, headers=SAME).status_code == 413


def test_an_owner_sees_no_article_that_is_hidden_from_the_owner_s_groups(tmp_path: Path) -> None:
    searcher = searcher_of(built(tmp_path, {**OPEN, **HIDDEN}))
    log = QuestionLog(tmp_path / "log", 90)
    for article in ("hr/pay", "open/moon"):
        log.add(
            "What is paid?", verdict="none", articles=[article], build="b", milliseconds=1, language="en", filters={}
        )
    log.close()
    pay = '{"questions": ["Pay?"], "article": "hr/pay", "quote": "Salaries in Zanzibar"}\n'
    (tmp_path / PINS).write_text(pay, "utf-8")
    client = client_of(tmp_path, searcher, PROXY, **OWNED, GROUPS_HEADER="X-Groups")
    shown = {}
    for groups in ("hr", "legal"):
        headers = {"X-Remote-User": "ada", "X-Groups": groups, **SAME}
        pages = [
            client.get(path, headers=headers).text
            for path in ("/owner", "/owner/questions.csv", "/owner?article=hr/pay")
        ]
        pages.append(client.post("/owner/question", data={"question": "Salaries in May?"}, headers=headers).text)
        shown[groups] = ["hr/pay" in text.replace('name="article"', "") or "Pay of the staff" in text for text in pages]
    assert shown == {"hr": [True, True, True, True], "legal": [False, False, False, False]}
    key = re.findall(
        r'name="pin" value="(\w+)"', client.get("/owner", headers={"X-Remote-User": "ada", "X-Groups": "hr"}).text
    )
    other = {"X-Remote-User": "ada", "X-Groups": "legal", **SAME}
    assert client.post("/owner/unpin", data={"pin": key[0]}, headers=other).status_code == 422
    assert (tmp_path / PINS).read_text("utf-8") == pay


def test_a_damaged_log_is_told_to_the_owner(tmp_path: Path, shared_searcher: Searcher) -> None:
    client = client_of(tmp_path, shared_searcher)
    (tmp_path / "log" / "questions.sqlite").write_bytes(b"no database at all")
    page = client.get("/owner")
    assert (page.status_code, "If it is damaged, move it away" in page.text) == (503, True)
