"""Filters: ranges of dates, names, and what is wrong with a filter."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.filters import EVERYTHING, Filters, folded, period
from index.errors import BadFilter, BadQuestion


def given_as(fields: dict[str, Any]) -> Filters:
    return Filters(**fields)


def test_filters_are_true_only_where_something_is_given() -> None:
    assert not EVERYTHING
    assert not Filters(since="", publishers=())
    for given_one in (Filters(since="2025"), Filters(until="2025"), Filters(publishers=("a",))):
        assert given_one
    assert Filters(languages=("en",))
    assert Filters(folders=("a",))
    assert Filters(articles=("a",))


def test_only_what_is_given_is_told() -> None:
    assert EVERYTHING.to_json() == {}
    assert Filters("2024", "2025-01", ("Xinhua", "CGTN")).to_json() == {
        "since": "2024",
        "until": "2025-01",
        "publishers": ["Xinhua", "CGTN"],
    }


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025-01-14", date(2025, 1, 14), date(2025, 1, 14)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_year_and_a_month_are_all_their_days(written: str, first: date, last: date) -> None:
    assert period(written) == (first.toordinal(), last.toordinal())


@pytest.mark.parametrize(
    "value",
    ["2025-13", "2025-02-29", "25", "2025-1", "2025/01", "soon", "0000", "2025-01-14T10:00", "２０２５", " 2025", "\n"],
)
@pytest.mark.parametrize("name", ["since", "until"])
def test_what_is_no_date_is_told_with_what_would_be(name: str, value: str) -> None:
    with pytest.raises(BadFilter) as error:
        given_as({name: value})
    assert str(error.value) == f"{name} {value!r} is no date. Give a year, month or day: 2025, 2025-01 or 2025-01-14"
    assert (error.value.kind, error.value.values) == ("filter_date", {"value": value})


def test_a_long_wrong_date_is_cut() -> None:
    with pytest.raises(BadFilter, match=f"^since '{'9' * 40}' is no date"):
        Filters(since="9" * 100_000)


@pytest.mark.parametrize(
    ("since", "until"), [("2025", "2024"), ("2025-02", "2025-01-31"), ("2025-01-02", "2025-01-01")]
)
def test_a_range_that_ends_before_it_begins_is_told(since: str, until: str) -> None:
    with pytest.raises(BadFilter) as error:
        Filters(since, until)
    assert str(error.value) == f"since {since} is after until {until}, so nothing is between them. Swap them"
    assert (error.value.kind, error.value.values) == ("filter_order", {"since": since, "until": until})


@pytest.mark.parametrize(("since", "until"), [("2025", "2025"), ("2025-03", "2025"), ("2025", "2025-01"), ("2024", "")])
def test_a_range_that_holds_a_day_is_taken(since: str, until: str) -> None:
    assert (Filters(since, until).since, Filters(since, until).until) == (since, until)


@pytest.mark.parametrize("name", ["publishers", "languages", "folders", "articles"])
def test_more_than_fifty_values_of_a_kind_are_refused(name: str) -> None:
    assert given_as({name: ("a",) * 50})
    with pytest.raises(BadFilter) as error:
        given_as({name: ("a",) * 1051})
    assert str(error.value) == f"1,051 {name} are given; at most 50 are read. Leave some out"
    assert (error.value.kind, error.value.values) == ("filter_many", {"count": 1051, "limit": 50})


def test_a_bad_filter_is_a_bad_question() -> None:
    assert issubclass(BadFilter, BadQuestion)


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("XINHUA", "Xinhua"),
        (" Global \n Times ", "global times"),
        ("People’s Daily", "people's daily"),
        ("E\u0301lan", "élan"),
    ],
)
def test_names_are_compared_without_case_spaces_and_kinds_of_apostrophes(name: str, same: str) -> None:
    assert folded(name) == folded(same)


_dates = st.dates(date(1000, 1, 1)).map(str)


@settings(max_examples=300)
@given(st.one_of(_dates, _dates.map(lambda d: d[:7]), _dates.map(lambda d: d[:4])))
def test_a_period_is_made_of_exactly_the_days_that_begin_like_it(written: str) -> None:
    first, last = period(written)
    days = {first, last, (first + last) // 2}
    assert all(date.fromordinal(day).isoformat().startswith(written) for day in days)
    assert not date.fromordinal(first - 1).isoformat().startswith(written)
    if last < date.max.toordinal():
        assert not date.fromordinal(last + 1).isoformat().startswith(written)
