"""Workers that build into a database, to be killed at it, and what the database holds afterwards.

`python -m tests.ingestion ROLE ARGUMENT…`
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from index.arrays import Vectors
from index.articles.article import Article, Block
from index.encoder.model_files import Identity
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.report import Report
from index.passages.chunking import Chunk
from index.passages.sentences import Span
from index.reading.shards import WHOLE, Shard
from index.stores.address import open_location
from index.stores.location import BuildWork
from index.stores.postgresql.build import build_into
from index.stores.postgresql.connection import Connections, T
from index.stores.postgresql.pool import Connection
from tests.hashing import IDENTITY, HashingEncoder
from tests.processes import Mortal

_ROWS = (
    "SELECT * FROM articles ORDER BY article",
    "SELECT * FROM passages ORDER BY article, start",
    """SELECT word, sum(passages) FROM (SELECT * FROM words UNION ALL SELECT * FROM word_changes) AS own
    GROUP BY word HAVING sum(passages) <> 0 ORDER BY word""",
    """SELECT sum(articles), sum(passages), sum(sentences), sum(tokens) FROM (
        SELECT articles, passages, sentences, tokens FROM counts UNION ALL SELECT * FROM count_changes
    ) AS own""",
    "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
)


def built(
    dsn: str, folder: Path, shard: Shard = WHOLE, load: Callable[[Identity], HashingEncoder] = HashingEncoder
) -> Report:
    """Build a shard of a folder into a database, in this process."""
    connections = Connections(dsn)
    try:
        return build_into(open_location(dsn), connections, BuildWork(folder, IDENTITY, shard=shard), load)
    finally:
        connections.close()


def content(dsn: str) -> list[list[tuple[Any, ...]]]:
    """All that a database holds of a collection, and the names of its indexes."""
    with psycopg.connect(dsn) as connection:
        return [connection.execute(rows.encode()).fetchall() for rows in _ROWS]


def start(role: str, *arguments: Path | str | int | Shard) -> "subprocess.Popen[str]":
    """A process in one of the roles below."""
    command = [sys.executable, "-m", "tests.ingestion", role, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=Path(__file__).parent.parent, text=True, stdin=pipe, stdout=pipe, stderr=pipe)


def build(dsn: str, folder: str, shard: str) -> None:
    """Build a shard once a line is read."""
    sys.stdin.readline()
    built(dsn, Path(folder), Shard.parse(shard))


def killed_encoding(dsn: str, folder: str, shard: str, passages: str) -> None:
    """Build a shard with an encoder that kills the process once it has encoded so many passages."""
    built(dsn, Path(folder), Shard.parse(shard), lambda identity: Mortal(int(passages), identity))


def killed_writing(dsn: str, folder: str, shard: str, writes: str) -> None:
    """Build a shard in a process that is killed right before it commits one transaction more than so many."""
    connections = _Mortal(dsn, int(writes))
    build_into(
        open_location(dsn), connections, BuildWork(Path(folder), IDENTITY, shard=Shard.parse(shard)), HashingEncoder
    )


class MortalOnce(HashingEncoder):
    """An encoder that kills the first process of all that encodes a second time; `mark` is made then."""

    def __init__(self, identity: Identity, mark: Path) -> None:
        super().__init__(identity)
        self._mark = mark

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        if self.encoded and not self._mark.exists():
            self._mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().passages(texts, sentences)


def mortal_once(mark: str, identity: Identity) -> MortalOnce:
    """Such an encoder, for a worker in another process."""
    return MortalOnce(identity, Path(mark))


class _Mortal(Connections):
    """Connections of a process that is killed within a transaction."""

    def __init__(self, dsn: str, writes: int) -> None:
        super().__init__(dsn)
        self._left = writes

    def write(self, work: Callable[[Connection], T], patience: float) -> T:
        def last(connection: Connection) -> T:
            made = work(connection)
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1
            return made

        return super().write(last, patience)


def made(article_id: str, text: str) -> EncodedArticle:
    """An article of one passage, that is one sentence."""
    article = Article(
        article_id, article_id, text, (Block("paragraph", 0, len(text)),), "0" * 64, file=f"{article_id}.md"
    )
    encoder, span = HashingEncoder(), (0, len(text))
    whole, _ = encoder.passages([text], [[span]])
    return EncodedArticle(
        article,
        (Chunk(span, (span,)),),
        whole.astype(np.float16),
        np.ones((1, encoder.dimension), np.int8),
        np.full(1, 0.1, np.float32),
    )


ROLES: dict[str, Callable[..., None]] = {role.__name__: role for role in (build, killed_encoding, killed_writing)}

if __name__ == "__main__":
    ROLES[sys.argv[1]](*sys.argv[2:])
