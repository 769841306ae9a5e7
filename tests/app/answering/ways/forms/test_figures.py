"""A question for a number of a year, and passages that know other years alone."""

import pytest

from app.answering.ways.forms.figures import lacks_asked_place, lacks_asked_year
from index.articles.article import Article
from index.passages.chunking import Passage
from index.search.highlight import Sentences
from index.search.hits import Hit, HitFeatures

TEXT = "In 2024 2,640 children were born, the lowest number since 2005."


def hit_of(text: str, title: str = "The hospital", published: str = "") -> Hit:
    article, span = Article("a", title, text, (), "", published=published), (0, len(text))
    passage = Passage(article, *span)
    return Hit(passage, 1.0, HitFeatures(0.9, 0.5, 3.0, 0.5), Sentences.alone(span))


@pytest.mark.parametrize(
    ("question", "hit", "lacks"),
    [
        ("How many children were born in 2019?", hit_of(TEXT), True),
        ("How many children were born in 2024?", hit_of(TEXT), False),
        ("How many children were born since 2019?", hit_of(TEXT), False),
        ("How many children were born?", hit_of(TEXT), False),
        ("Who was born in 2019?", hit_of(TEXT), False),
        ("How many children were born in 2019?", hit_of("2,640 children were born."), False),
        ("How many children were born in 2019?", hit_of(TEXT, title="Report 2019"), False),
        ("How many children were born in 2019?", hit_of(TEXT, published="2019-12-31"), False),
    ],
)
def test_a_passage_that_knows_other_years_alone_lacks_the_asked_one(question: str, hit: Hit, lacks: bool) -> None:
    assert lacks_asked_year(question, hit) == lacks


KEY = hit_of("The key to the cupboard on the third floor is held by Sister Ines, that of room 12 by Ole.")


@pytest.mark.parametrize(
    ("question", "hit", "lacks"),
    [
        ("Who holds the key to the cupboard on the fifth floor?", KEY, True),
        ("Who holds the key to the cupboard on the 5th floor?", KEY, True),
        ("Who holds the key of room 14?", KEY, True),
        ("Who holds the key to the cupboard on the third floor?", KEY, False),
        ("Who holds the key to the cupboard on the 3rd floor?", KEY, False),
        ("Who holds the key of room 12?", KEY, False),
        ("Who holds the key to the fifth cupboard?", KEY, False),  # none is numbered
        ("Who held the key for the first time?", KEY, False),
        ("Who holds the key?", KEY, False),
        ("Who is on the 5th floor?", hit_of("Floor 5 is closed, the third floor is open."), False),
    ],
)
def test_a_passage_that_knows_other_floors_alone_lacks_the_asked_one(question: str, hit: Hit, lacks: bool) -> None:
    assert lacks_asked_place(question, hit) == lacks
