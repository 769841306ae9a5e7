"""Words as a database keeps them, and how many passages have each."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap

from index.stores.postgresql.connection import Connection, Connections
from index.stores.postgresql.schema import FOLDING

_LONGEST = 200  # bytes: what is longer than a word or a name ought to be stands as its hash
_KEPT_LETTERS = 64

_HAVING = """
SELECT word, sum(passages)::bigint FROM (
    SELECT word, passages FROM words WHERE word = ANY(%(words)s)
    UNION ALL SELECT word, passages FROM word_changes WHERE word = ANY(%(words)s)
) AS own GROUP BY word HAVING sum(passages) > 0
"""
_BEGINNING = """
SELECT word FROM (
    SELECT word, passages FROM words WHERE word ^@ %(letter)s
    UNION ALL SELECT word, passages FROM word_changes WHERE word ^@ %(letter)s
) AS own GROUP BY word HAVING sum(passages) > 0 ORDER BY word
"""
_COUNTS = """
SELECT sum(changes)::bigint, sum(articles)::bigint, sum(passages)::bigint, sum(sentences)::bigint, sum(tokens)::bigint
FROM (
    SELECT changes, articles, passages, sentences, tokens FROM counts
    UNION ALL SELECT 1, articles, passages, sentences, tokens FROM count_changes
) AS own
"""
_FOLD_COUNTS = """
WITH gone AS (DELETE FROM count_changes RETURNING articles, passages, sentences, tokens),
sums AS (
    SELECT count(*) AS changes, coalesce(sum(articles), 0) AS articles, coalesce(sum(passages), 0) AS passages,
        coalesce(sum(sentences), 0) AS sentences, coalesce(sum(tokens), 0) AS tokens
    FROM gone
)
UPDATE counts SET changes = counts.changes + sums.changes, articles = counts.articles + sums.articles,
    passages = counts.passages + sums.passages, sentences = counts.sentences + sums.sentences,
    tokens = counts.tokens + sums.tokens
FROM sums
"""
_FOLD_WORDS = """
WITH gone AS (DELETE FROM word_changes RETURNING word, passages)
INSERT INTO words SELECT word, sum(passages) FROM gone GROUP BY word HAVING sum(passages) <> 0
ON CONFLICT (word) DO UPDATE SET passages = words.passages + excluded.passages
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """How much a database holds; `changes` is how many transactions have changed that, `tokens` counts words."""

    changes: int
    articles: int
    passages: int
    sentences: int
    tokens: int

    @property
    def mean_length(self) -> float:
        """Words of a passage."""
        return self.tokens / self.passages if self.passages else 1.0


def key(word: str) -> str:
    """A word, or a name, as it stands in an index of the database, which takes no long ones."""
    raw = word.encode("utf-8", "surrogatepass")
    return word if len(raw) <= _LONGEST else f"#{hashlib.blake2b(raw, digest_size=16).hexdigest()}"


@lru_cache(maxsize=65_536)
def number(word: str) -> int:
    """A word as 8 bytes of its hash, an unsigned whole number."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def totals(connection: Connection) -> Totals:
    """How much there is."""
    (found,) = starmap(Totals, connection.execute(_COUNTS))
    return found


def having(words: Iterable[str], connection: Connection) -> dict[str, int]:
    """How many passages have each of these words; those that none has are left out."""
    written = {key(word): word for word in words}
    if not written:
        return {}
    return {written[own]: count for own, count in connection.execute(_HAVING, {"words": list(written)})}


def fold(connection: Connection) -> bool:
    """Add the changes up; False where somebody else is doing so."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLDING]).fetchone()
    if row != (True,):
        return False
    connection.execute(_FOLD_COUNTS)
    connection.execute(_FOLD_WORDS)
    connection.execute("DELETE FROM words WHERE passages = 0")
    return True


class DatabaseVocabulary:
    """The words of a database's keyword leg: an `index.keywords.vocabulary.Vocabulary`."""

    def __init__(self, connections: Connections, passages: int) -> None:
        self._connections = connections
        self.passages = passages  # when words were last asked for: both numbers are of one moment
        self.beginning = lru_cache(maxsize=_KEPT_LETTERS)(self._beginning)

    def having(self, words: Collection[str]) -> Mapping[str, int]:
        """How many passages have each of these words; those that none has are left out."""
        if not words:
            return {}

        def both(connection: Connection) -> tuple[int, dict[str, int]]:
            return totals(connection).passages, having(words, connection)

        self.passages, found = self._connections.ask(both)
        return found

    def _beginning(self, letter: str) -> Sequence[str]:
        """The words that begin with this letter, in order."""
        return self._connections.ask(
            lambda connection: [word for (word,) in connection.execute(_BEGINNING, {"letter": letter})]
        )
