"""Consistency checks of a database's tables."""

from index.stores.postgresql.joined import sharding
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.search import textsearch

_CHECKS = {
    "its counts are not those of its articles": """
        SELECT count(*) FROM (
            SELECT sum(articles) AS articles, sum(passages) AS passages, sum(sentences) AS sentences,
                sum(tokens) AS tokens
            FROM (
                SELECT articles, passages, sentences, tokens FROM counts UNION ALL SELECT * FROM count_changes
            ) AS merged
        ) AS stored, (
            SELECT count(DISTINCT article) AS articles, count(*) AS passages,
                coalesce(sum(octet_length(scales) / 4), 0) AS sentences, coalesce(sum(length), 0) AS tokens
            FROM passages
        ) AS real
        WHERE (stored.articles, stored.passages, stored.sentences, stored.tokens)
            IS DISTINCT FROM (real.articles, real.passages, real.sentences, real.tokens)
    """,
    "its words are not those of its passages": """
        SELECT count(*) FROM (
            SELECT word, sum(passages) AS passages
            FROM (SELECT word, passages FROM words UNION ALL SELECT word, passages FROM word_changes) AS merged
            GROUP BY word HAVING sum(passages) <> 0
        ) AS stored FULL JOIN ts_stat('SELECT keywords FROM passages') AS real USING (word)
        WHERE stored.passages IS DISTINCT FROM real.ndoc
    """,
    "articles lack passages, or have others than they had": """
        SELECT count(*) FROM articles FULL JOIN (
            SELECT article, record_hash, count(*) AS passages FROM passages GROUP BY article, record_hash
        ) AS counted USING (article, record_hash)
        WHERE articles.passages IS DISTINCT FROM counted.passages
    """,
}
_INDEXES = """
    SELECT count(*) FROM unnest(ARRAY[
        'passages_labels', 'passages_days', 'passages_keywords', 'passages_vector', 'word_changes_word'
    ]) AS name WHERE to_regclass(name) IS NULL
"""
_WORDS = "its table of words is not that of its passages: build again"


def misfits(connection: Connection) -> list[str]:
    """Inconsistencies, a sentence each; empty if there are none. A coordinator's are those of its shards together."""
    problems = [problem for problem, check in _CHECKS.items() if connection.execute(check).fetchone() != (0,)]
    if sharding.shards_of(connection):
        article = sharding.twice(connection)
        return [*problems, f"two of its shards hold {article!r}"] if article else problems
    if connection.execute(_INDEXES).fetchone() != (0,):
        problems.append("indexes are missing: build again")
    return [*problems, *([_WORDS] if textsearch.outdated(connection) else [])]
