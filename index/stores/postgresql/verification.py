"""Whether a database's tables fit each other."""

from index.stores.postgresql.connection import Connection

_CHECKS = {
    "its counts are not those of its articles": """
        SELECT count(*) FROM (
            SELECT sum(articles) AS articles, sum(passages) AS passages, sum(sentences) AS sentences,
                sum(tokens) AS tokens
            FROM (SELECT articles, passages, sentences, tokens FROM counts UNION ALL SELECT * FROM count_changes) AS own
        ) AS told, (
            SELECT count(DISTINCT article) AS articles, count(*) AS passages,
                coalesce(sum(octet_length(scales) / 4), 0) AS sentences, coalesce(sum(length), 0) AS tokens
            FROM passages
        ) AS real
        WHERE (told.articles, told.passages, told.sentences, told.tokens)
            IS DISTINCT FROM (real.articles, real.passages, real.sentences, real.tokens)
    """,
    "its words are not those of its passages": """
        SELECT count(*) FROM (
            SELECT word, sum(passages) AS passages
            FROM (SELECT word, passages FROM words UNION ALL SELECT word, passages FROM word_changes) AS own
            GROUP BY word HAVING sum(passages) <> 0
        ) AS told FULL JOIN ts_stat('SELECT keywords FROM passages') AS real USING (word)
        WHERE told.passages IS DISTINCT FROM real.ndoc
    """,
    "articles lack passages, or have others than they had": """
        SELECT count(*) FROM articles FULL JOIN (
            SELECT article, edition, count(*) AS held FROM passages GROUP BY article, edition
        ) AS own USING (article, edition)
        WHERE articles.passages IS DISTINCT FROM own.held
    """,
    "indexes are missing: build again": """
        SELECT count(*) FROM unnest(ARRAY[
            'passages_labels', 'passages_days', 'passages_keywords', 'passages_vector', 'word_changes_word'
        ]) AS name WHERE to_regclass(name) IS NULL
    """,
}


def misfits(connection: Connection) -> list[str]:
    """What does not fit, in words; empty where all does."""
    return [what for what, check in _CHECKS.items() if connection.execute(check).fetchone() != (0,)]
