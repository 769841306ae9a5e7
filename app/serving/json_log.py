"""Log lines as JSON, one object a line, for programs that gather them; no question's text is in any."""

import json
import logging
import traceback
from datetime import UTC, datetime

from app.answering.answer import Answer
from app.answering.reply import OBSERVERS

_log = logging.getLogger("citewell.answers")


class JsonFormatter(logging.Formatter):
    """A record as JSON. Of an exception come its type and the places of its traceback: its message may quote a text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            fields["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            fields["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(fields, ensure_ascii=False)


class LoggedAnswers:
    """An observer that logs each answer by its verdict, its build and the number of its citations."""

    def begin(self) -> None:
        """An answer begins."""

    def end(self, answer: Answer) -> None:
        """Log it."""
        fields = {"verdict": answer.verdict, "build": answer.build, "citations": len(answer.citations)}
        _log.info("answered", extra={"fields": fields})


def log_as_json() -> None:
    """Have this process log to stderr as JSON, each answer, too."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonFormatter())
    for name in ("uvicorn", "uvicorn.error"):  # which have handlers of their own
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    _log.setLevel(logging.INFO)
    OBSERVERS.append(LoggedAnswers())
