"""Retrieval as SQL: the nearest passages by cosine, and the best by BM25."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, product

from psycopg import sql

from index.arrays import Vectors
from index.articles.filters import Filters, folded
from index.keywords.bm25 import K1, B
from index.search.questions.query import EncodedQuery
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.rows import label
from index.stores.postgresql.search import textsearch
from index.stores.postgresql.search.scoring import Keywords, PassageId
from index.stores.postgresql.search.vocabulary import quoted

_EXACT_UP_TO = 10_000  # passages that pass a filter: scanning them takes some milliseconds
_SCANNED = 20_000  # passages that the HNSW graph should visit for one query, of at most 100,000
_MATCHES = 20_000  # passages that are ranked by BM25
_AHEAD = 5_000  # passages read from a BM25 index until enough of them pass
_RANKED_BY = 16  # words of a question, the rarest ones
_TABLE = ("passages",)

_MIN_EF_SEARCH, _MAX_EF_SEARCH = 400, 1_000

# `ts_rank` of a word with n occurrences is 6/pi² times the sum of 1/j² for j to n, which gives n.
_TIMES = "round(0.6079271 / (1 - ts_rank('{{1,1,1,1}}', keywords, {word}::tsquery)) - 0.5)"
_WEIGHT = "{idf} * (1 - {base} / (" + _TIMES + " + {base}))"  # equals n / (n + base), with the costly ts_rank only once
# Sums with 0 keep the parts of shards from being merged in order, which would ask one shard after another.
_NEAREST = "SELECT article, start FROM ({parts}) AS near ORDER BY distance + 0, article, start LIMIT {limit}"
_NEAR = """
(SELECT article, start, vector <=> {vector} AS distance FROM {passages} WHERE {where}
ORDER BY (vector <=> {vector}) {exactly} LIMIT {ahead})
"""
_RANKED = """
SELECT article, start FROM (
    SELECT article, start, keywords, {base} AS base FROM passages WHERE {where} LIMIT {matches}
) AS matching ORDER BY {score} DESC, article, start LIMIT {limit}
"""
_BEST = "SELECT article, start FROM ({parts}) AS best ORDER BY score + 0 DESC, article, start LIMIT {limit}"
_GOOD = """
(SELECT article, start, {score} AS score FROM {passages} WHERE {where}
ORDER BY score DESC, article, start LIMIT {limit})
"""


@dataclass(frozen=True, slots=True)
class Subset:
    """A subset of the passages: SQL conditions, the estimated number that pass, and the number of all passages.

    `shards` are the views of the shards' passages; empty where one table holds all of them.
    """

    conditions: tuple[sql.Composed, ...] = ()
    passing: int = 0
    passages: int = 0
    shards: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The share of the passages that pass."""
        return min(self.passing / self.passages, 1.0) if self.conditions and self.passages else 1.0

    def upper_bound(self, passages: int) -> int:
        """Upper bound on how many of `passages` matches pass the filter."""
        return min(passages, self.passing) if self.conditions else passages

    def each(self, statement: str, **parts: sql.Composable) -> sql.Composed:
        """The union of a statement's results over `{passages}`: every shard's, or the table of all."""
        one = (sql.SQL(statement).format(passages=sql.Identifier(name), **parts) for name in self.shards or _TABLE)
        return sql.SQL(" UNION ALL ").join(one)

    def where(self, *others: sql.Composed) -> sql.Composed:
        """The conditions and `others`, joined by AND."""
        return sql.SQL(" AND ").join([sql.SQL("true").format(), *others, *self.conditions])


def retrieve(
    connection: Connection,
    queries: Sequence[EncodedQuery],
    keywords: Keywords,
    subsets: Sequence[Subset],
    limit: int,
    *,
    indexed: bool = False,
) -> list[list[PassageId]]:
    """The best `limit` passages of each subset for each query, a list per SQL statement.

    The statements for BM25 come first, then those for the cosine; a pipeline sends them in one round trip. `indexed`
    tells of a BM25 index.
    """
    cursors, asked = [], [*product(queries, subsets)]
    for name, value in settings(limit).items():  # LOCAL, to work through a pooler
        connection.execute(sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(*name.split(".")), sql.Literal(value)))
    # Sorting a small table would also return passages without any of the words, and sorting what shards send would
    # make them send all.
    if indexed or any(subset.shards for subset in subsets):
        connection.execute("SET LOCAL enable_sort = off")
    for query, subset in asked:
        statements = matching(query, keywords, subset, limit, indexed=indexed)
        cursors += [connection.execute(statement) for statement in statements]
    if indexed:
        connection.execute("SET LOCAL enable_sort TO DEFAULT")
    for query, subset in asked:
        if query.vocabulary_coverage:  # without it the vector is noise
            cursors.append(connection.execute(nearest(query.vector, subset, limit)))
    return [cursor.fetchall() for cursor in cursors]


def articles_with(words: Iterable[str], conditions: tuple[sql.Composed, ...]) -> sql.Composed:
    """Query for the articles with a passage that meets the conditions and holds all of these words."""
    holds = sql.SQL("keywords @@ {}::tsquery").format(sql.Literal(" & ".join(map(quoted, words))))
    return sql.SQL("SELECT DISTINCT article FROM passages WHERE {}").format(Subset(conditions).where(holds))


def filtered(filters: Filters) -> tuple[sql.Composed, ...]:
    """Conditions for the same articles as `index.articles.facets.Facets.passing`."""
    folders = [name.strip("/") for name in filters.folders]
    kinds = {"p": filters.publishers, "l": filters.languages, "f": folders}
    conditions = [any_label(kind, map(folded, names)) for kind, names in kinds.items() if names]
    if filters.days:
        within = sql.SQL("first_day > 0 AND last_day >= {} AND first_day <= {}")
        conditions.append(within.format(*map(sql.Literal, filters.days)))
    if filters.articles:
        conditions.append(among(filters.articles))
    return tuple(conditions)


def any_label(kind: str, names: Iterable[str]) -> sql.Composed:
    """Condition: the article has one of these labels."""
    return sql.SQL("labels && {}::text[]").format(sql.Literal([label(kind, name) for name in names]))


def among(articles: Iterable[str]) -> sql.Composed:
    """Condition: the passage belongs to one of these articles."""
    return sql.SQL("article = ANY({}::text[])").format(_ids(articles))


def outside(articles: Iterable[str]) -> sql.Composed:
    """Condition: the passage belongs to none of these articles."""
    return sql.SQL("article <> ALL({}::text[])").format(_ids(articles))


def _ids(articles: Iterable[str]) -> sql.Literal:
    return sql.Literal(sorted(article for article in articles if article.isprintable()))


def nearest(vector: Vectors, subset: Subset, limit: int) -> sql.Composed:
    """Query for the passages with the nearest vectors; exact if few passages pass the filter."""
    few = subset.conditions and (
        subset.passing <= _EXACT_UP_TO or limit * subset.passages > _SCANNED * max(subset.passing, 1)
    )
    literal = sql.Literal("[" + ",".join(f"{value:.5g}" for value in vector.tolist()) + "]")
    parts = subset.each(
        _NEAR,
        where=subset.where(),
        vector=sql.SQL("{}::halfvec").format(literal),
        exactly=sql.SQL("+ 0" if few else ""),
        ahead=sql.Literal(_ahead(limit)),
    )
    return sql.SQL(_NEAREST).format(parts=parts, limit=sql.Literal(limit))


def settings(limit: int) -> dict[str, str]:
    """The settings of pgvector for a search with this limit."""
    ef_search = min(_ahead(limit), _MAX_EF_SEARCH)
    scan = {"hnsw.iterative_scan": "relaxed_order", "hnsw.max_scan_tuples": "100000"}
    return {**scan, "hnsw.ef_search": str(ef_search)}


def _ahead(limit: int) -> int:
    """`hnsw.ef_search` for this limit; larger, since HNSW returns results only roughly sorted and may stop early."""
    return max(4 * limit, _MIN_EF_SEARCH)


def matching(
    query: EncodedQuery, keywords: Keywords, subset: Subset, limit: int, *, indexed: bool = False
) -> Iterator[sql.Composed]:
    """Queries for the passages with the highest BM25, best first; none if no word of the question occurs.

    A BM25 index is read in the order of its scores, unless few passages pass. Without it:
    All passages with a rare word are ranked: the rarest words, as long as at most 20,000 passages
    that pass can contain one. Of the other passages, up to 20,000 with all of some common words are
    ranked, and up to 20,000 with a word that is expected to be rare after the filter (or with the
    next word, if few passages match so far). The database chooses among more, so the best passage by
    common words alone may be missed. Separate statements keep many matches from crowding out few.
    """
    frequencies = keywords.document_frequencies
    counts = Counter(word for word in query.tokens if word in frequencies)
    words = sorted(counts, key=lambda word: (frequencies[word], word))  # the rarest first
    if not words:
        return
    if indexed and (subset.passing > _MATCHES or limit <= _AHEAD * subset.share):
        yield textsearch.best([word for word in words for _ in range(counts[word])], subset.where(), limit)
        return
    slope = K1 * B / keywords.totals.mean_length
    base = sql.SQL("({}::float8 + {}::float8 * length)").format(sql.Literal(K1 * (1 - B)), sql.Literal(slope))
    counted = base if subset.shards else sql.SQL("base")
    weights = [
        sql.SQL(_WEIGHT).format(idf=sql.Literal(counts[word] * keywords.idf(word)), base=counted, word=_literal(word))
        for word in words[:_RANKED_BY]
    ]
    score, most = sql.SQL(" + ").join(weights), sql.Literal(limit)
    for tsquery in _tsqueries(words, [frequencies[word] for word in words], subset, limit):
        where = subset.where(sql.SQL("keywords @@ {}::tsquery").format(sql.Literal(tsquery)))
        if subset.shards:
            parts = subset.each(_GOOD, where=where, score=score, limit=most)
            yield sql.SQL(_BEST).format(parts=parts, limit=most)
        else:
            some = sql.Literal(_MATCHES)
            yield sql.SQL(_RANKED).format(base=base, where=where, matches=some, score=score, limit=most)


def _literal(word: str) -> sql.Literal:
    return sql.Literal(quoted(word))


def _tsqueries(words: Sequence[str], frequencies: Sequence[int], subset: Subset, limit: int) -> Iterator[str]:
    """The tsqueries of `matching`; `frequencies` are the document frequencies of the words, the rarest first."""
    terms, totals = [*map(quoted, words)], [*accumulate(frequencies)]
    rare = sum(subset.upper_bound(total) <= _MATCHES for total in totals)
    likely = sum(total * subset.share <= _MATCHES for total in totals)
    if rare:
        yield " | ".join(terms[:rare])
    bounds = [subset.upper_bound(frequency) for frequency in frequencies]
    if together := _together(bounds[rare:], _MATCHES - sum(bounds[:rare]), subset):
        yield " & ".join(terms[rare : rare + together])
    # A shard ranks all matches, since a limit on them would not be left to it: of a common word they are too many.
    few = not subset.shards and sum(frequencies[:rare]) * subset.share < limit
    if more := terms[rare:likely] or terms[rare : rare + few]:
        yield " | ".join(more)


def _together(matches: Sequence[float], room: float, subset: Subset) -> int:
    """The number of words, the rarest first, to require so that about `room` passages match; 0 for none.

    `matches` are the numbers of passages with each word. The words are taken to be independent.
    """
    share = 1.0
    passages = max(subset.passages * subset.share, 1.0)
    for count, match in enumerate(matches, 1):
        share *= match / passages
        if count > 1 and share * passages <= room:
            return count
    return len(matches) if len(matches) > 1 else 0
