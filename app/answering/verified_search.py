"""The best hits of articles whose files are as they were read."""

from collections.abc import Callable, Collection

from index.reading.freshness import Freshness
from index.search.hits import Hit

_ATTEMPTS = 10  # searches until what is left of a collection that changes all over has to do
_LOOKED_AT = 100  # hits whose files are looked at once one of them has changed: more may have


def verified_hits(
    search: Callable[..., list[Hit]], k: int, freshness: Freshness, exclude: Collection[str] = ()
) -> list[Hit]:
    """The best hits of articles whose files are as they were read, and that are not in `exclude`.

    The search is made again without others that are among the first `k`.
    """

    def lost(hits: list[Hit]) -> set[str]:
        articles = {hit.passage.article.id: hit.passage.article for hit in hits}
        return {name for name, article in articles.items() if freshness.state(article) in ("changed", "gone")}

    stale = freshness.stale() | set(exclude)
    for _ in range(_ATTEMPTS):
        hits = search(k=k, exclude=stale)
        found = lost(hits[:k])
        if not found:
            stale |= lost(hits[k:])
            break
        stale |= found | lost(search(k=_LOOKED_AT, exclude=stale))
    return [hit for hit in hits if hit.passage.article.id not in stale]
