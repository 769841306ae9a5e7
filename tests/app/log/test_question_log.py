"""The log of questions: what a line holds and for how long, and the feedback on it."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from app.log import database
from app.log.question_log import LoggedQuestion, QuestionLog
from tests.logged import DRY, ask, file_of


def test_a_line_holds_the_question_and_its_answer_and_the_hour(log: QuestionLog) -> None:
    hours = {datetime.now(UTC).replace(minute=0, second=0, microsecond=0)}
    assert len(ask(log)) == 22
    assert log.flush()
    hours.add(datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
    [line] = log.questions()
    assert line.hour in hours
    assert line == LoggedQuestion(
        1,
        line.hour,
        "Is lunar soil dry?",
        "answer",
        ("moon", "bees"),
        "b1",
        21,
        "de",
        {"since": ["2024"], "publishers": ["Night Sky Notes"]},
        None,
        (),
    )


def test_half_a_character_and_a_personal_number_are_not_stored(log: QuestionLog) -> None:
    ask(log, "Call 030 1234567\ud800 about bees?")
    assert log.flush()
    assert [line.question for line in log.questions()] == ["Call [telephone]? about bees?"]


def test_feedback_can_be_given_changed_and_taken_back(log: QuestionLog) -> None:
    token = ask(log)
    seen = []
    for helpful in (True, False, None):
        assert log.feedback(token, helpful)
        seen += [line.helpful for line in log.questions()]
    assert seen == [True, False, None]
    passages = []
    for pressed in (True, True, False):
        assert log.passage(token, "moon", 5, 23, pressed=pressed)
        passages += [line.passages for line in log.questions()]
    assert passages == [(("moon", 5, 23),), (("moon", 5, 23),), ()]


def test_feedback_needs_the_token_of_an_answer_and_has_bounds(log: QuestionLog) -> None:
    ask(log)
    assert not log.feedback("A" * 22, True)
    assert not log.passage("A" * 22, "moon", 0, 1, pressed=True)
    token = ask(log)
    for start in range(database.MOST_PRESSES):
        assert log.passage(token, "moon", start, start + 1, pressed=True)
    assert not log.passage(token, "moon", 0, 1, pressed=False)
    assert not log.feedback(token, True)
    assert [(line.helpful, len(line.passages)) for line in log.questions()] == [(None, 0), (None, 20)]


def test_another_worker_takes_the_feedback(log: QuestionLog) -> None:
    token = ask(log)
    assert log.flush()
    other = QuestionLog(log._path.parent, 90)
    assert other.feedback(token, True)
    ask(log, "next")
    assert log.flush()
    assert [(line.question, line.helpful) for line in other.questions()] == [(DRY, True), ("next", None)]
    other.close()


def test_lines_are_read_from_an_hour_on(log: QuestionLog) -> None:
    ask(log)
    assert log.flush()
    now = datetime.now(UTC)
    assert len(list(log.questions(now - timedelta(hours=1)))) == 1
    assert list(log.questions(now + timedelta(hours=1))) == []


def test_a_log_that_is_not_there_yet_has_no_lines(log: QuestionLog) -> None:
    assert list(log.questions()) == []


def test_old_lines_go_with_their_passages_and_old_answers_take_no_more_feedback(log: QuestionLog) -> None:
    for token in (old := ask(log, "long ago"), yesterday := ask(log, "yesterday"), new := ask(log, "new")):
        assert log.passage(token, "moon", 0, 1, pressed=True)
    with closing(file_of(log)) as connection:
        for days, token in ((91, old), (2, yesterday)):
            hour = (datetime.now(UTC) - timedelta(days)).strftime(database.HOUR)
            connection.execute("UPDATE questions SET hour = ? WHERE token = ?", [hour, token])
    log.close()
    again = QuestionLog(log._path.parent, 90)
    again.start()
    assert again.flush()
    assert [again.feedback(token, True) for token in (old, yesterday, new)] == [False, False, True]
    assert [line.question for line in again.questions()] == ["yesterday", "new"]
    again.close()
    files = [path.read_bytes() for path in log._path.parent.iterdir()]
    assert any(b"yesterday" in content for content in files)
    assert not any(b"long ago" in content for content in files)
