"""Dates in their usual spellings."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.dates import dates_in, days_of, written_out
from index.keywords.tokenizer import tokenise


@pytest.mark.parametrize(
    "text",
    [
        "9 September 2024",
        "9th of September, 2024",
        "September 9, 2024",
        "Sept 9 2024",
        "Sep. 9th 2024",
        "9-Sep-2024",
        "9/Sep/2024",
        "ninth of September 2024",
        "September the ninth, 2024",
        "09.09.2024",
        "9.9.24",
        "9/9/24",
        "2024-09-09",
        "2024/9/9",
        "2024.9.9",
        "2024年9月9日",
        "2024 年 9 月 9 号",
        "二〇二四年九月九日",
        "二零二四年九月九日",
    ],
)
def test_all_spellings_of_a_day_are_one_date_with_the_same_terms(text: str) -> None:
    (dated,) = dates_in(text)
    assert (text[dated.start : dated.end], dated.value) == (text, "2024-09-09")
    assert sorted(tokenise(text)) == ["2024", "=2024-09", "=2024-09-09", "septemb"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9/14/2024", "2024-09-14"),
        ("14/9/2024", "2024-09-14"),
        ("31.12.99", "1999-12-31"),
        ("5. Januar 2026", "2026-01-05"),
        ("1er août 2026", "2026-08-01"),
        ("5 de enero de 2026", "2026-01-05"),
        ("12 May 1850", "1850-05-12"),
        ("二〇二四年十二月二十一日", "2024-12-21"),
        ("Sept 2024", "2024-09"),
        ("September of 2024", "2024-09"),
        ("2024-09", "2024-09"),
        ("2024年九月", "2024-09"),
        ("Q3 2024", "2024-Q3"),
        ("Q3/24", "2024-Q3"),
        ("3Q24", "2024-Q3"),
        ("2024 Q3", "2024-Q3"),
        ("third quarter of 2024", "2024-Q3"),
        ("2024年第三季度", "2024-Q3"),
        ("二〇二四年三季度", "2024-Q3"),
        ("H2 2024", "2024-H2"),
        ("second half of 2024", "2024-H2"),
        ("2024年下半年", "2024-H2"),
        ("FY24", "FY2024"),
        ("FY2023/24", "FY2024"),
        ("fiscal year 2024", "FY2024"),
        ("fiscal 2024", "FY2024"),
        ("2024财年", "FY2024"),
    ],
)
def test_days_months_quarters_halves_and_fiscal_years(text: str, value: str) -> None:
    assert [dated.value for dated in dates_in(f"on {text}, it rained")] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "3/4/2025",  # March or April
        "2024",
        "1935.3",
        "2021-2025",
        "2024-25",
        "1.2.3",
        "v3.11.2",
        "30 February 2024",
        "2025-13",
        "2025年13月",
        "12025-01",
        "may we",
        "third half of 2024",
        "192.168.10.24",
        "the first quarter",
        "Q5 2024",
        "2024年十十十月",
    ],
)
def test_what_is_no_date_or_more_than_one(text: str) -> None:
    assert not dates_in(text)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024-09-09", date(2024, 9, 9), date(2024, 9, 9)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-H1", date(2024, 1, 1), date(2024, 6, 30)),
        ("FY2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-09-02/2024-09-08", date(2024, 9, 2), date(2024, 9, 8)),
    ],
)
def test_a_date_has_a_first_and_a_last_day(value: str, first: date, last: date) -> None:
    assert days_of(value) == (first.toordinal(), last.toordinal())


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("Who met on 2024-09-09 and 3.3.2025?", "Who met on 9 September 2024 and 3 March 2025?"),
        ("Q3 2024 sales", "third quarter of 2024 sales"),
        ("H1 2024 and FY24", "first half of 2024 and fiscal year 2024"),
        ("in 2024-09, 2024年9月", "in September 2024, 2024年9月"),
        ("in 2024", "in 2024"),
    ],
)
def test_a_date_is_written_out_as_prose_has_it(text: str, prose: str) -> None:
    assert written_out(text) == prose


@given(st.dates(date(1950, 1, 1), date(2070, 1, 1)))
def test_every_day_is_found_again_however_it_is_written(day: date) -> None:
    forms = [day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d %B %Y}", f"{day:%b} {day.day}, {day.year}"]
    forms.append(f"{day.year}年{day.month}月{day.day}日")
    assert [[dated.value for dated in dates_in(form)] for form in forms] == [[day.isoformat()]] * len(forms)


@settings(max_examples=300)
@given(st.text("0123456789./-年月日Q季度 ,三九FYMar", max_size=40))
def test_dates_lie_in_the_text_and_never_overlap(text: str) -> None:
    found = dates_in(text)
    assert all(days_of(dated.value) for dated in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
