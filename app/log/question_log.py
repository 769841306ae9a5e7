"""The log of questions: one line for each answer, without a person."""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.log import database
from app.log.redaction import redacted
from app.log.writer import PATIENCE, Change, NotKept, Writer


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """A question and its answer. `hour` is in UTC, `articles` are the ids of those cited.

    `helpful` is the asker's word on the answer, `passages` are those pressed as "this is the passage": article, start
    and end.
    """

    id: int
    hour: datetime
    question: str
    verdict: str
    articles: tuple[str, ...]
    build: str
    milliseconds: int
    language: str
    filters: dict[str, list[str]]
    helpful: bool | None
    passages: tuple[tuple[str, int, int], ...]


class QuestionLog:
    """The log in a folder, whose lines are removed after `days`. Threads may share it, and processes the folder.

    A line is acknowledged once `flush` has returned True after it, or feedback on its answer was taken: it is on disk
    then. Raises BadLog for a folder that cannot be used or that others may open.
    """

    def __init__(self, folder: Path, days: int) -> None:
        database.private_folder(folder)
        self._path = folder / database.NAME
        self._writer = Writer(self._path, days)

    def start(self) -> None:
        """Remove old lines now and every hour, which otherwise begins with the first line."""
        self._writer.start()

    def add(
        self,
        question: str,
        *,
        verdict: str,
        articles: Sequence[str],
        build: str,
        milliseconds: int,
        language: str,
        filters: Mapping[str, str | Sequence[str]],
    ) -> str:
        """The token that takes feedback on this answer; empty if too many lines wait. Returns at once."""
        token, hour = secrets.token_urlsafe(16), datetime.now(UTC).strftime(database.HOUR)
        lists = {name: [value] if isinstance(value, str) else list(value) for name, value in filters.items()}
        cited = list(dict.fromkeys(articles))
        texts = (token, hour, redacted(question), verdict, _json(cited), build, language, _json(lists))
        values: tuple[str | int, ...] = (milliseconds, *map(_storable, texts))
        try:
            self._writer.submit(Change(((database.INSERT, values),), lasting=True))
        except NotKept:
            return ""
        return token

    def feedback(self, token: str, helpful: bool | None) -> bool:
        """Whether the word on an answer was taken, on disk; None takes it back. Raises NotKept.

        An answer takes a limited number of words, for a day.
        """
        return self._writer.written(Change(((database.COUNT, [token]), (database.RATE, [helpful, token]))))

    def passage(self, token: str, article: str, start: int, end: int, *, pressed: bool) -> bool:
        """Whether "this is the passage" was taken, or taken back, as `feedback` is. Raises NotKept."""
        change = database.PRESS if pressed else database.TAKE_BACK
        values = (_storable(article), start, end, token)
        return self._writer.written(Change(((database.COUNT, [token]), (change, values))))

    def flush(self, seconds: float = PATIENCE) -> bool:
        """Whether all lines that have a token are on disk; waits this long for it."""
        try:
            return self._writer.written(Change(), seconds)
        except NotKept:
            return False

    def close(self) -> None:
        """End the writing, after what waits is written as far as the disk takes it within seconds."""
        self._writer.close()

    def questions(self, since: datetime | None = None) -> Iterator[LoggedQuestion]:
        """Each line from this hour on, oldest first. Raises BadLog for a log that cannot be read."""
        for row in database.rows_of(self._path, since.astimezone(UTC).strftime(database.HOUR) if since else ""):
            yield LoggedQuestion(
                id=row["id"],
                hour=datetime.strptime(row["hour"], database.HOUR).replace(tzinfo=UTC),
                question=row["question"],
                verdict=row["verdict"],
                articles=tuple(json.loads(row["articles"])),
                build=row["build"],
                milliseconds=row["milliseconds"],
                language=row["language"],
                filters=json.loads(row["filters"]),
                helpful=None if row["helpful"] is None else bool(row["helpful"]),
                passages=tuple((article, start, end) for article, start, end in json.loads(row["passages"])),
            )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _storable(text: str) -> str:
    """The text without halves of characters, which no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
