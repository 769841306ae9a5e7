"""Ages that questions give of a person, and lines for other ages."""

from pathlib import Path

import pytest

from index.search.questions.names import names_of
from index.search.questions.question import Question
from index.search.values.ages import asked_age, is_for
from tests.conftest import indexed

TABLE = """# Vaccinations

| Vaccine | Age | Cost |
|---|---|---|
| Flu for a person of any family, mum or dad | 18–64 years | £18 |
| Flu | 65 years and over | free |
| Yellow fever | 9 months to 59 years | £75 |
| Shingles | 70–79 years | free |
"""


@pytest.mark.parametrize(
    ("question", "age"),
    [
        ("can my 7 year old swim alone?", 7),
        ("i am 67, may I come?", 67),
        ("flu jab for my dad who is 70", 70),
        ("is it free for a child aged 9?", 9),
        ("68岁老人要买票吗", 68),
        ("65岁以上免费吗", None),
        ("I am 5 minutes late", None),
        ("a 40-year-old and a 9-year-old", None),
        ("How old is the bridge?", None),
    ],
)
def test_the_age_that_a_question_gives(question: str, age: int | None) -> None:
    assert asked_age(question) == age
    assert age is None or str(age) not in [name.typed for name in names_of(question)]


@pytest.mark.parametrize(
    ("text", "age", "suits"),
    [
        ("Children under 12 need an adult.", 9, True),
        ("Children under 12 need an adult.", 12, False),
        ("Free for children up to 12.", 12, True),
        ("12岁及以下儿童免费。", 12, True),
        ("12岁以下儿童免费。", 12, False),
        ("Adults over 65 pay less.", 70, True),
        ("Adults over 65 pay less.", 40, False),
        ("People aged 60 and over are not vaccinated.", 67, True),
        ("For ages 18 to 64.", 70, False),
        ("From 9 months to 59 years.", 3, True),
        ("身高1.2米以下的儿童免费，65岁以上老人免费。", 68, True),
        ("12岁以下儿童免费。", 30, False),
        ("It costs £18 to £64.", 70, None),
        ("Open from 9 to 12.", 70, None),
    ],
)
def test_a_line_is_for_some_ages(text: str, age: int, suits: bool | None) -> None:
    assert is_for(text, [], age) is suits


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("flu for my 70 year old dad", "Vaccine: Flu; Age: 65"),
        ("flu for my 40 year old dad", "Vaccine: Flu for"),
        ("can my mum aged 75 have the shingles vaccine?", "Vaccine: Shingles"),
        ("what does yellow fever cost for my dad and mum?", "Vaccine: Yellow fever"),
    ],
)
def test_a_row_for_another_age_or_name_is_not_marked(question: str, row: str, tmp_path: Path) -> None:
    [hit] = indexed(tmp_path, {"a.md": TABLE}).search(Question(question))
    assert hit.passage.article.text[slice(*hit.best_sentence)].startswith(row)
