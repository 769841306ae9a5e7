"""The words of a database that somebody may see: those of passages whose articles name one of their groups."""

from collections.abc import Collection, Mapping, Sequence

from psycopg import sql

from index.postgresql.connection import Connections
from index.postgresql.legs import quoted
from index.postgresql.words import DatabaseVocabulary

_SEEN = """
SELECT word FROM unnest({words}::text[], {queries}::text[]) AS asked (word, query)
WHERE EXISTS (SELECT FROM passages WHERE keywords @@ query::tsquery AND {condition})
"""


class SeenVocabulary:
    """An `index.vocabulary.Vocabulary` of what passes all conditions.

    How many passages have a word is counted in all of them, so that scores stay comparable.
    """

    def __init__(self, whole: DatabaseVocabulary, connections: Connections, conditions: Sequence[sql.Composed]) -> None:
        self._whole, self._connections = whole, connections
        self._condition = sql.SQL(" AND ").join(conditions)

    @property
    def passages(self) -> int:
        """How many passages there are, hidden ones among them."""
        return self._whole.passages

    def having(self, words: Collection[str]) -> Mapping[str, int]:
        """How many passages have each of these words; those that no passage has which is seen are left out."""
        found = self._whole.having(words)
        asked = sql.SQL(_SEEN).format(
            words=sql.Literal(list(found)), queries=sql.Literal([*map(quoted, found)]), condition=self._condition
        )
        seen = self._connections.read(lambda connection: {word for (word,) in connection.execute(asked)})
        return {word: count for word, count in found.items() if word in seen}

    def beginning(self, letter: str) -> Sequence[str]:
        """The words that begin with this letter, hidden ones among them: `having` tells."""
        return self._whole.beginning(letter)
