"""Contract of every kind of store: the articles with a passage that holds all of some terms."""

import pytest

from index.keywords.sentence_terms import passage_terms
from index.search.searcher import Searcher
from index.search.store import Store
from tests.access import SEES
from tests.stores import expected, filled, held, reference

__all__ = ["expected", "filled", "held", "reference"]  # fixtures


@pytest.mark.parametrize(
    "tokens", [["soil"], ["research"], ["honey", "bee"], ["bee", "moon"], ["绿茶"], ["nowhere"], ["soil", "nowher'e"]]
)
def test_articles_with_terms_are_those_with_a_passage_that_holds_them_all(
    tokens: list[str], held: Searcher, reference: Store
) -> None:
    wanted = {
        encoded.article.id
        for encoded in reference.encoded()
        if any(set(tokens) <= set(passage_terms(encoded.article, *chunk.span)) for chunk in encoded.chunks)
    }
    rows = held.articles_with(tokens)
    assert rows.tolist() == sorted(rows.tolist())
    assert {name for _, name in held.articles.ids(rows.tolist())} == wanted
    for group in ("hr", "sales"):
        seen = held.seen_by(frozenset({group}))
        assert {name for _, name in held.articles.ids(seen.articles_with(tokens))} == wanted & SEES[group]
