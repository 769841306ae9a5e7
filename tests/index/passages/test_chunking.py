from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.article import Article, BlockKind, join_blocks
from index.passages.chunking import Chunk, Chunking, Passage, split
from tests.hashing import HashingEncoder

count = HashingEncoder().count_tokens
Pieces = list[tuple[BlockKind, str]]


def article_of(pieces: Pieces) -> Article:
    text, blocks = join_blocks(pieces)
    return Article(id="a/b", title="A", text=text, blocks=blocks, sha256="0" * 64)


def passages(pieces: Pieces, chunking: Chunking) -> list[str]:
    article = article_of(pieces)
    return [article.text[slice(*chunk.span)] for chunk in split(article, count, chunking)]


def sentences(pieces: Pieces, chunking: Chunking) -> list[list[str]]:
    article = article_of(pieces)
    return [[article.text[slice(*span)] for span in chunk.sentences] for chunk in split(article, count, chunking)]


def words(number: int, last: str = ".") -> str:
    """A sentence of `number` tokens."""
    return " ".join(["Word", *["word"] * (number - 2)]) + last


def test_a_passage_is_named_by_its_span_and_reads_its_text_from_the_article() -> None:
    passage = Passage(article_of([("heading", "茶"), ("paragraph", "Green 🍵. Dry.")]), 2, 10)
    assert (passage.id, passage.text) == ("a/b:2-10", "Green 🍵.")


def test_a_short_article_is_one_passage_and_its_heading_is_no_sentence() -> None:
    article = article_of([("heading", "Tea"), ("paragraph", "It is dry. It is green."), ("item", "Leaf")])
    assert split(article, count, Chunking()) == [Chunk((0, 32), ((4, 14), (15, 27), (28, 32)))]


def test_an_article_without_blocks_has_no_passage() -> None:
    assert split(article_of([]), count, Chunking()) == []


def test_a_heading_starts_a_passage_and_stays_with_the_text_below() -> None:
    pieces: Pieces = [
        ("paragraph", "Before."),
        ("heading", "One"),
        ("heading", "One a"),
        ("paragraph", "Text."),
        ("heading", "Two"),
        ("paragraph", "More."),
    ]
    assert passages(pieces, Chunking()) == ["Before.", "One\nOne a\nText.", "Two\nMore."]
    assert sentences(pieces, Chunking()) == [["Before."], ["Text."], ["More."]]


def test_a_heading_with_nothing_below_is_its_own_sentence() -> None:
    pieces: Pieces = [("paragraph", "Text."), ("heading", "The end")]
    assert passages(pieces, Chunking()) == ["Text.", "The end"]
    assert sentences(pieces, Chunking()) == [["Text."], ["The end"]]


def test_sentences_fill_a_passage_up_to_the_target() -> None:
    pieces: Pieces = [("paragraph", " ".join([words(10)] * 5))]
    assert passages(pieces, Chunking(target=20, limit=40)) == [
        f"{words(10)} {words(10)}",
        f"{words(10)} {words(10)}",
        words(10),
    ]


def test_a_sentence_over_the_target_but_not_over_the_limit_stays_whole() -> None:
    pieces: Pieces = [("paragraph", f"{words(10)} {words(35)} {words(10)}")]
    assert passages(pieces, Chunking(target=20, limit=40)) == [words(10), words(35), words(10)]


def test_a_passage_ends_with_its_paragraph_from_half_the_target_on() -> None:
    halves: Pieces = [("paragraph", words(10)), ("paragraph", words(9)), ("paragraph", words(9))]
    assert passages(halves, Chunking(target=20, limit=40)) == [words(10), f"{words(9)}\n{words(9)}"]


def test_a_short_rest_joins_the_passage_before_where_the_limit_allows() -> None:
    pieces: Pieces = [("paragraph", f"{words(20)} {words(4)}"), ("heading", "H"), ("paragraph", words(20))]
    assert passages(pieces, Chunking(target=20, limit=24)) == [f"{words(20)} {words(4)}", "H\n" + words(20)]
    assert passages(pieces, Chunking(target=20, limit=23)) == [words(20), words(4), "H\n" + words(20)]


def test_a_heading_too_long_to_stay_with_its_text_is_a_passage() -> None:
    pieces: Pieces = [("heading", words(15)), ("paragraph", words(10))]
    assert passages(pieces, Chunking(target=20, limit=24)) == [words(15), words(10)]


def test_an_over_long_sentence_is_cut_at_spaces() -> None:
    text = words(100)
    cut = passages([("paragraph", text)], Chunking(target=20, limit=30))
    assert [count([piece])[0] for piece in cut] == [24, 25, 24, 27]
    assert " ".join(cut) == text


def test_an_unbroken_run_is_cut_where_it_must_be() -> None:
    def letters(texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    article = article_of([("paragraph", "x" * 1_300)])
    spans = [chunk.span for chunk in split(article, letters, Chunking(target=160, limit=200))]
    assert spans == [(start, min(start + 150, 1_300)) for start in range(0, 1_200, 150)] + [(1_200, 1_300)]


def test_a_character_that_is_over_the_limit_alone_is_not_cut_for_ever() -> None:
    article = article_of([("paragraph", "ﷺﷺ")])
    chunks = split(article, lambda texts: [18 * len(text) for text in texts], Chunking(target=5, limit=10))
    assert [chunk.span for chunk in chunks] == [(0, 1), (1, 2)]


def test_a_text_without_tokens_still_lies_in_a_passage() -> None:
    article = article_of([("paragraph", "🍵"), ("paragraph", "Tea.")])
    chunks = split(article, lambda texts: [0] * len(texts), Chunking(target=2, limit=2))
    assert chunks == [Chunk((0, 1), ((0, 1),)), Chunk((2, 6), ((2, 6),))]


_KINDS: st.SearchStrategy[BlockKind] = st.sampled_from(["heading", "paragraph", "paragraph", "item", "row", "code"])
_SENTENCES = st.sampled_from(["One.", words(9), words(30), "x" * 700, "绿茶不发酵。", "茶" * 80, "2.8% of it", "🍵 !"])
_TEXTS = st.lists(_SENTENCES, min_size=1, max_size=8).map(" ".join)
_ARTICLES = st.lists(st.tuples(_KINDS, _TEXTS), min_size=1, max_size=8).map(article_of)
_SIZES = st.sampled_from([Chunking(), Chunking(20, 30), Chunking(8, 100), Chunking(30, 9)])


@given(_ARTICLES, _SIZES)
def test_every_visible_character_lies_in_exactly_one_passage_in_order(article: Article, chunking: Chunking) -> None:
    spans = [chunk.span for chunk in split(article, count, chunking)]
    covered = [position for start, end in spans for position in range(start, end)]
    assert covered == sorted(set(covered))
    assert {i for i, character in enumerate(article.text) if not character.isspace()} <= set(covered)


@given(_ARTICLES, _SIZES)
def test_no_passage_is_over_the_limit_and_each_holds_its_sentences(article: Article, chunking: Chunking) -> None:
    for chunk in split(article, count, chunking):
        assert count([article.text[slice(*chunk.span)]])[0] <= chunking.limit
        assert chunk.sentences
        assert chunk.sentences[-1][1] <= chunk.span[1]
        edges = [chunk.span[0], *(edge for span in chunk.sentences for edge in span)]
        assert edges == sorted(edges)
        assert all(start < end for start, end in chunk.sentences)


@given(_ARTICLES, _SIZES)
def test_a_heading_below_text_always_starts_a_passage(article: Article, chunking: Chunking) -> None:
    starts = {chunk.span[0] for chunk in split(article, count, chunking)}
    below_text = zip(article.blocks, article.blocks[1:], strict=False)
    assert {block.start for above, block in below_text if block.kind == "heading" != above.kind} <= starts


@pytest.mark.parametrize("chunking", [Chunking(), Chunking(20, 30)])
def test_only_headings_are_left_out_of_the_sentences(chunking: Chunking) -> None:
    pieces: Pieces = [
        ("heading", "H one."),
        ("row", "a: 1; b: 2"),
        ("code", "x\ny"),
        ("heading", "H two"),
        ("item", "z."),
    ]
    said = [sentence for group in sentences(pieces, chunking) for sentence in group]
    assert said == ["a: 1; b: 2", "x", "y", "z."]
