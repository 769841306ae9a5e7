"""Vocabulary of a database: words as they are stored, document frequencies and totals."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap

from psycopg import sql

from index.stores.postgresql.connection import Connections
from index.stores.postgresql.pool import Connection

_FOLDING = 0x76657262_0002  # key of an advisory lock
_MAX_BYTES = 200  # of a word or name in an index; longer ones are stored as a hash
_CACHED_LETTERS = 64
_CACHED_WORDS = 4_096

_FREQUENCIES = """
SELECT word, sum(passages)::bigint FROM (
    SELECT word, passages FROM words WHERE word = ANY(%(words)s)
    UNION ALL SELECT word, passages FROM word_changes WHERE word = ANY(%(words)s)
) AS merged GROUP BY word HAVING sum(passages) > 0
"""
_BEGINNING = """
SELECT word FROM (
    SELECT word, passages FROM words WHERE word ^@ %(letter)s
    UNION ALL SELECT word, passages FROM word_changes WHERE word ^@ %(letter)s
) AS merged GROUP BY word HAVING sum(passages) > 0 ORDER BY word
"""
_COUNTS = """
SELECT sum(changes)::bigint, sum(articles)::bigint, sum(passages)::bigint, sum(sentences)::bigint, sum(tokens)::bigint
FROM (
    SELECT changes, articles, passages, sentences, tokens FROM counts
    UNION ALL SELECT 1, articles, passages, sentences, tokens FROM count_changes
) AS merged
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
_SEEN = """
SELECT word FROM unnest({words}::text[], {queries}::tsquery[]) AS asked (word, query)
WHERE (SELECT true FROM passages WHERE keywords @@ query AND {condition} LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sizes of a collection; `changes` counts the transactions that changed it, `tokens` counts words."""

    changes: int
    articles: int
    passages: int
    sentences: int
    tokens: int

    @property
    def mean_length(self) -> float:
        """Mean number of words in a passage."""
        return self.tokens / self.passages if self.passages else 1.0


def key(word: str) -> str:
    """A word or name as stored in an index of the database, which limits the length of entries."""
    raw = word.encode("utf-8", "surrogatepass")
    return word if len(raw) <= _MAX_BYTES else f"#{hashlib.blake2b(raw, digest_size=16).hexdigest()}"


@lru_cache(maxsize=65_536)
def number(word: str) -> int:
    """Hash of a word as an unsigned integer of 8 bytes."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def quoted(word: str) -> str:
    """A word in the syntax of a tsquery."""
    escaped = key(word).replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def totals(connection: Connection) -> Totals:
    """The sizes of the collection."""
    (sizes,) = starmap(Totals, connection.execute(_COUNTS))
    return sizes


def statistics(words: Iterable[str], connection: Connection) -> tuple[dict[str, int], Totals]:
    """Document frequencies of these words, without words that occur nowhere, and the sizes of the collection."""
    words_of = {key(word): word for word in words}
    rows = connection.execute(_FREQUENCIES, {"words": list(words_of)})
    sizes = totals(connection)  # both are sent at once in a pipeline
    return {words_of[stored]: count for stored, count in rows}, sizes


def fold(connection: Connection) -> bool:
    """Fold the counters of changes into the totals; False if another process is doing it."""
    if connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLDING]).fetchone() != (True,):
        return False
    connection.execute(_FOLD_COUNTS)
    connection.execute(_FOLD_WORDS)
    connection.execute("DELETE FROM words WHERE passages = 0")
    return True


@dataclass(frozen=True, slots=True)
class _Known:
    """The document frequencies that were read of one state of the collection, 0 for words that occur nowhere."""

    changes: int
    passages: int
    frequencies: Mapping[str, int]


class DatabaseVocabulary:
    """The vocabulary of a database: an `index.keywords.vocabulary.Vocabulary`.

    Words are asked for once, and again after the collection has changed, which every search notices: the search after
    it weighs them anew.
    """

    def __init__(self, connections: Connections, passages: int) -> None:
        self._connections = connections
        self._known = _Known(-1, passages, {})  # replaced, never changed: needs no lock
        self.beginning = lru_cache(maxsize=_CACHED_LETTERS)(self._beginning)

    @property
    def passages(self) -> int:
        """The number of passages, which the last document frequencies are consistent with."""
        return self._known.passages

    def document_frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        """Document frequencies of these words, without words that occur nowhere."""
        known = self._known
        if missing := {*words} - known.frequencies.keys():
            known = self._read(missing, known)
            if lost := {*words} - known.frequencies.keys():  # the collection has changed, or too many were known
                known = self._read(lost | missing, known)
        return {word: count for word in words if (count := known.frequencies[word])}

    def notice(self, sizes: Totals) -> None:
        """Forget what was read of another state of the collection than the one with these sizes."""
        if sizes.changes != self._known.changes:
            self._known = _Known(sizes.changes, sizes.passages, {})

    def _read(self, words: Collection[str], known: _Known) -> _Known:
        """Read these words: the known state with them, or a newer state with these words alone."""
        found, sizes = self._connections.ask(lambda connection: statistics(words, connection))
        same = sizes.changes == known.changes and len(known.frequencies) < _CACHED_WORDS
        before = known.frequencies if same else {}
        frequencies = {**before, **{word: found.get(word, 0) for word in words}}
        self._known = _Known(sizes.changes, sizes.passages, frequencies)
        return self._known

    def _beginning(self, letter: str) -> Sequence[str]:
        """The words that begin with this letter, in order."""
        return self._connections.ask(
            lambda connection: [word for (word,) in connection.execute(_BEGINNING, {"letter": letter})]
        )


def visible_words(
    connections: Connections, conditions: Sequence[sql.Composed], hidden: int
) -> Callable[[Mapping[str, int]], set[str]]:
    """A function that picks the words that occur in a visible passage from words with their document frequencies.

    `conditions` select the visible passages; `hidden` is the number of the others.
    """
    cache: dict[str, bool] = {}  # whether a word is visible

    def visible(frequencies: Mapping[str, int]) -> set[str]:
        nonlocal cache
        answers = cache
        # A word in more passages than are hidden is visible in any case.
        unknown = [word for word, count in frequencies.items() if count <= hidden and word not in answers]
        if unknown:
            statement = sql.SQL(_SEEN).format(
                words=sql.Literal(unknown),
                queries=sql.Literal([*map(quoted, unknown)]),
                condition=sql.SQL(" AND ").join(conditions),
            )
            seen = connections.ask(lambda connection: {word for (word,) in connection.execute(statement)})
            answers = answers | {word: word in seen for word in unknown}
            cache = answers if len(answers) <= _CACHED_WORDS else {}
        return {word for word in frequencies if answers.get(word, True)}

    return visible
