"""The words of a database that somebody may see: those of passages whose articles name one of their groups."""

from collections.abc import Collection, Mapping, Sequence

from psycopg import sql

from index.stores.postgresql.connection import Connections
from index.stores.postgresql.retrieval import quoted
from index.stores.postgresql.vocabulary import DatabaseVocabulary

_KEPT = 4_096  # words

_SEEN = """
SELECT word FROM unnest({words}::text[], {queries}::text[]) AS asked (word, query)
WHERE EXISTS (SELECT FROM passages WHERE keywords @@ query::tsquery AND {condition})
"""


class SeenVocabulary:
    """An `index.keywords.vocabulary.Vocabulary` of what passes all conditions; so many passages are `hidden`.

    How many passages have a word is counted in all of them, so that scores stay comparable.
    """

    def __init__(
        self, whole: DatabaseVocabulary, connections: Connections, conditions: Sequence[sql.Composed], hidden: int
    ) -> None:
        self._whole, self._connections, self._hidden = whole, connections, hidden
        self._condition = sql.SQL(" AND ").join(conditions)
        self._known: dict[str, bool] = {}  # whether a word is seen

    @property
    def passages(self) -> int:
        """How many passages there are, hidden ones among them."""
        return self._whole.passages

    def having(self, words: Collection[str]) -> Mapping[str, int]:
        """How many passages have each of these words; those that no passage has which is seen are left out."""
        found = self._whole.having(words)
        known = dict(self._known)
        known |= self._seen([word for word, count in found.items() if count <= self._hidden and word not in known])
        return {word: count for word, count in found.items() if known.get(word, True)}

    def beginning(self, letter: str) -> Sequence[str]:
        """The words that begin with this letter, hidden ones among them: `having` tells."""
        return self._whole.beginning(letter)

    def _seen(self, words: list[str]) -> dict[str, bool]:
        """Whether each of these words is seen, kept for the next question."""
        if not words:
            return {}
        asked = sql.SQL(_SEEN).format(
            words=sql.Literal(words), queries=sql.Literal([*map(quoted, words)]), condition=self._condition
        )
        seen = self._connections.ask(lambda connection: {word for (word,) in connection.execute(asked)})
        told = {word: word in seen for word in words}
        self._known = {**(self._known if len(self._known) < _KEPT else {}), **told}
        return told
