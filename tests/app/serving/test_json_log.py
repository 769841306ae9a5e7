"""The log as JSON: fields for programs, and no text of a question."""

import json
import logging
import sys

from app.answering.collection import Collection
from app.answering.reply import OBSERVERS, answer_of
from app.serving.json_log import JsonFormatter, LoggedAnswers
from index.search.questions.question import Question
from index.search.searcher import Searcher

ASKED = "Is lunar soil dry?"


def line(record: logging.LogRecord) -> dict[str, object]:
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


def test_an_error_has_its_type_and_its_places_and_not_its_message() -> None:
    try:
        raise ValueError(f"cannot read {ASKED!r}")
    except ValueError:
        record = logging.LogRecord("app", logging.ERROR, __file__, 1, "it failed:\n%s", ("so",), sys.exc_info())
    fields = line(record)
    assert (fields["level"], fields["message"], fields["error"]) == ("error", "it failed:\nso", "ValueError")
    assert str(fields["trace"]).count("test_an_error_has") == 1
    assert ASKED not in str(fields)


def test_an_answer_is_a_line_without_its_question(shared_searcher: Searcher) -> None:
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[assignment, method-assign]
    log = logging.getLogger("citewell.answers")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    OBSERVERS.append(observer := LoggedAnswers())
    try:
        answer_of(Collection.of(shared_searcher), Question(ASKED))
    finally:
        OBSERVERS.remove(observer)
        log.removeHandler(handler)
        log.setLevel(logging.NOTSET)
    (fields,) = map(line, records)
    assert (fields["message"], fields["verdict"], fields["citations"]) == ("answered", "answer", 4)
    assert ASKED not in str(fields)
