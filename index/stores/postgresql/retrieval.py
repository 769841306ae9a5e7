"""The two legs of search as SQL: passages near in meaning, and those that hold the words of a question."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from psycopg import sql

from index.arrays import Vectors
from index.articles.filters import Filters, folded
from index.keywords.bm25 import K1, B
from index.search.query import EncodedQuery
from index.stores.postgresql.connection import Connection
from index.stores.postgresql.rows import label
from index.stores.postgresql.scoring import Keywords, Place
from index.stores.postgresql.vocabulary import key

_EXACT_UP_TO = 10_000  # passages that pass a filter: a scan of them takes some milliseconds
_SCANNED = 20_000  # passages of the graph that are looked at for one leg, of at most 100,000
_MATCHES = 20_000  # passages that are ranked by the words that they hold
_RANKED_BY = 16  # words of a question, the most telling ones

_SETTINGS = (  # of the transaction, so that they reach it through a pooler, and by SET, which Citus hands to its shards
    "SET LOCAL hnsw.iterative_scan = 'relaxed_order'",
    "SET LOCAL hnsw.max_scan_tuples = 100000",
    "SET LOCAL hnsw.ef_search = {}",
)
_LEAST_EF_SEARCH, _MOST_EF_SEARCH = 400, 1_000

# `ts_rank` of one word that stands n times is 6/pi² times the sum of 1/j² for j to n, so that n can be had from it.
_TIMES = "round(0.6079271 / (1 - ts_rank('{{1,1,1,1}}', keywords, {word}::tsquery)) - 0.5)"
_WEIGHT = "{worth} * (1 - base / (" + _TIMES + " + base))"  # n / (n + base): what is dear stands in it once
_NEAREST = """
SELECT article, start FROM (
    SELECT article, start, vector <=> {vector} AS distance FROM passages WHERE {where}
    ORDER BY (vector <=> {vector}) {exactly} LIMIT {found}
) AS near ORDER BY distance, article, start LIMIT {limit}
"""
_RANKED = """
SELECT article, start FROM (
    SELECT article, start, keywords, {base} + {slope} * length AS base FROM passages WHERE {where} LIMIT {most}
) AS held ORDER BY {score} DESC, article, start LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Subset:
    """What of the passages is searched: a condition, and about how many passages meet it of how many there are."""

    conditions: tuple[sql.Composed, ...] = field(default_factory=tuple)
    passing: int = 0
    passages: int = 0

    @property
    def share(self) -> float:
        """Which share of the passages passes."""
        return min(self.passing / self.passages, 1.0) if self.conditions and self.passages else 1.0

    def most(self, passages: int) -> int:
        """How many of so many passages may pass: all that do, where a filter goes with what is asked for."""
        return min(passages, self.passing) if self.conditions else passages

    def where(self, *others: sql.Composed) -> sql.Composed:
        """The conditions, and others, as SQL."""
        return sql.SQL(" AND ").join([sql.SQL("true").format(), *others, *self.conditions])


@dataclass(frozen=True, slots=True)
class Leg:
    """Where a way to read a question looks for passages, and for how many."""

    view: EncodedQuery
    keywords: Keywords
    subset: Subset
    limit: int

    def statements(self) -> Iterator[sql.Composed]:
        """What finds the best of those that hold the words, and of those that are near in meaning."""
        yield from matching(self.view, self.keywords, self.subset, self.limit)
        if self.view.vocabulary_coverage:  # else its vector is noise
            yield nearest(self.view.vector, self.subset, self.limit)


def found(connection: Connection, legs: Sequence[Leg]) -> list[list[Place]]:
    """The places that each statement of the legs finds, asked in one round trip."""
    wanted = max(leg.limit for leg in legs)
    with connection.pipeline():
        for setting in _SETTINGS:
            connection.execute(sql.SQL(setting).format(sql.Literal(min(_ahead(wanted), _MOST_EF_SEARCH))))
        answers = [connection.execute(statement) for leg in legs for statement in leg.statements()]
        return [answer.fetchall() for answer in answers]


def filtered(filters: Filters) -> tuple[sql.Composed, ...]:
    """What `index.articles.facets.Facets.passing` says, as conditions."""
    conditions = [
        any_label(kind, map(folded, names))
        for kind, names in (("p", filters.publishers), ("l", filters.languages), ("f", _folders(filters)))
        if names
    ]
    if filters.days:
        within = sql.SQL("first_day > 0 AND last_day >= {} AND first_day <= {}")
        conditions.append(within.format(*map(sql.Literal, filters.days)))
    return tuple(conditions)


def any_label(kind: str, names: Iterable[str]) -> sql.Composed:
    """The condition that an article has one of these labels."""
    return sql.SQL("labels && {}::text[]").format(sql.Literal([label(kind, name) for name in names]))


def among(articles: Iterable[str]) -> sql.Composed:
    """The condition that a passage is of one of these articles."""
    return sql.SQL("article = ANY({}::text[])").format(sql.Literal(_ids(articles)))


def outside(articles: Iterable[str]) -> sql.Composed:
    """The condition that a passage is of none of these articles."""
    return sql.SQL("article <> ALL({}::text[])").format(sql.Literal(_ids(articles)))


def nearest(vector: Vectors, subset: Subset, limit: int) -> sql.Composed:
    """The passages whose vectors are the nearest to this one; all that pass are looked at where they are few."""
    few = subset.conditions and (
        subset.passing <= _EXACT_UP_TO or limit * subset.passages > _SCANNED * max(subset.passing, 1)
    )
    shown = sql.Literal("[" + ",".join(f"{value:.5g}" for value in vector.tolist()) + "]")
    return sql.SQL(_NEAREST).format(
        where=subset.where(),
        vector=sql.SQL("{}::halfvec").format(shown),
        exactly=sql.SQL("+ 0" if few else ""),
        found=sql.Literal(_ahead(limit)),
        limit=sql.Literal(limit),
    )


def _ahead(limit: int) -> int:
    """How many of the graph are put in order for so many: it gives them roughly in order, and may end early."""
    return max(4 * limit, _LEAST_EF_SEARCH)


def matching(view: EncodedQuery, keywords: Keywords, subset: Subset, limit: int) -> Iterator[sql.Composed]:
    """The passages with the highest BM25 for a question's words, best first; nothing where no passage has one of them.

    Exact as far as the words can be in 20,000 of the passages that pass: whatever has one of the
    rarest of them is ranked. Of what has none of these, up to 20,000 are ranked that have all of some
    common words, and up to 20,000 that have one of those that a filter is expected to leave rare, or
    the next word where little is found. Which of more are ranked is left to the database, so that the
    best by common words alone may be missed. Each is a statement of its own, lest many crowd out few.
    """
    asked = Counter(word for word in view.tokens if word in keywords.having)
    telling = sorted(asked, key=lambda word: (keywords.having[word], word))
    if not telling:
        return
    score = sql.SQL(" + ").join(_score(word, asked[word], keywords) for word in telling[:_RANKED_BY])
    for words in _queries(telling, [keywords.having[word] for word in telling], subset, limit):
        yield _ranked(words, score, keywords, subset, limit)


def _queries(telling: Sequence[str], having: Sequence[int], subset: Subset, limit: int) -> Iterator[str]:
    """What `matching` looks for, as tsqueries; so many passages have each of the words, the rarest first."""
    words, totals = [*map(quoted, telling)], [*accumulate(having)]
    rare = sum(subset.most(total) <= _MATCHES for total in totals)
    likely = sum(total * subset.share <= _MATCHES for total in totals)
    if rare:
        yield " | ".join(words[:rare])
    most = [subset.most(own) for own in having]
    if together := _together(most[rare:], _MATCHES - sum(most[:rare]), subset):
        yield " & ".join(words[rare : rare + together])
    few = sum(having[:rare]) * subset.share < limit
    if more := words[rare:likely] or words[rare : rare + few]:
        yield " | ".join(more)


def _together(matches: Sequence[float], room: float, subset: Subset) -> int:
    """How many of these words, the rarest first, a passage must hold so that not too many are ranked; 0 for none."""
    share = 1.0
    passages = max(subset.passages * subset.share, 1.0)
    for place, found in enumerate(matches, 1):
        share *= found / passages
        if place > 1 and share * passages <= room:
            return place
    return len(matches) if len(matches) > 1 else 0


def _ranked(words: str, score: sql.Composed, keywords: Keywords, subset: Subset, limit: int) -> sql.Composed:
    held = sql.SQL("keywords @@ {}::tsquery").format(sql.Literal(words))
    return sql.SQL(_RANKED).format(
        base=sql.Literal(K1 * (1 - B)),
        slope=sql.Literal(K1 * B / keywords.totals.mean_length),
        where=subset.where(held),
        most=sql.Literal(_MATCHES),
        score=score,
        limit=sql.Literal(limit),
    )


def _score(word: str, times: int, keywords: Keywords) -> sql.Composed:
    worth = sql.Literal(times * keywords.telling(word))
    return sql.SQL(_WEIGHT).format(worth=worth, word=sql.Literal(quoted(word)))


def quoted(word: str) -> str:
    """A word as a tsquery has it."""
    escaped = key(word).replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _folders(filters: Filters) -> tuple[str, ...]:
    return tuple(name.strip("/") for name in filters.folders)


def _ids(articles: Iterable[str]) -> list[str]:
    return sorted(article for article in articles if article.isprintable())
