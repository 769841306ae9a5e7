import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reading.formats.numberformats import format_of, shown_number, shown_text

ACCOUNTING = '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("0.069", "0.0%", "6.9%"),
        ("0.069000000000000006", "0.0%", "6.9%"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("1.005", "0.00", "1.01"),
        ("-3", "0", "-3"),
        ("-1234.5", '#,##0.00 "€";[Red]-#,##0.00 "€"', "-1,234.50 €"),
        ("-1234.5", "#,##0.00;(#,##0.00)", "(1,234.50)"),
        ("1234.5", "[$€-407] #,##0.00", "€ 1,234.50"),
        ("5", ACCOUNTING, "5.00"),
        ("-5", ACCOUNTING, "(5.00)"),
        ("0", ACCOUNTING, "-"),
        ("0", '"yes";;"no"', "no"),
        ("1234567", '#,##0,"k"', "1,235k"),
        ("5551234", "000-0000", "555-1234"),
        ("100", "0.##", "100"),
        ("100.5", "0.##", "100.5"),
        ("0.5", "#.0", ".5"),
        ("12345678", "0.00E+00", "1.23E+07"),
        ("9.999", "0.0E+00", "1.0E+01"),
        ("3.5", "# ?/?", "3 1/2"),
        ("0.75", "0/4", "3/4"),
        ("500", '[>100]"big";"small"', "big"),
        ("5", '[>100]"big";"small"', "small"),
        ("0.30000000000000004", "General", "0.3"),
        ("-123456789012", "General", "-123456789012"),
        ("1e21", "General", "1E+21"),
        ("7", "@", "7"),
        ("nan", "0", "nan"),
        ("seven", "0", "seven"),
    ],
)
def test_a_number_is_shown_by_its_format(value: str, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("45291", "yyyy-mm-dd", "2023-12-31"),
        ("45291", "m/d/yy", "12/31/23"),
        ("45291", '[$-804]yyyy"年"m"月"d"日"', "2023年12月31日"),
        ("45291", "[$-407]dddd, d. mmmm yyyy", "Sonntag, 31. Dezember 2023"),
        ("44562.75", "d-mmm-yy h:mm AM/PM", "1-Jan-22 6:00 PM"),
        ("44562.7503", "h:mm:ss", "18:00:26"),
        ("0.0000058", "mm:ss.0", "00:00.5"),
        ("1.5", "[h]:mm", "36:00"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("-2", "yyyy-mm-dd", "-2"),
        ("1e9", "yyyy", "1000000000"),
    ],
)
def test_days_and_times_are_shown_by_their_format(value: str, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


def test_days_may_count_from_1904() -> None:
    assert shown_number("43829", "yyyy-mm-dd", since_1904=True) == "2023-12-31"


def test_a_format_may_hide_or_surround_a_text() -> None:
    assert [shown_text("a", code) for code in (";;;", '0;0;0;"x "@', "@", "0")] == ["", "x a", "a", "a"]


def test_formats_that_every_file_has_are_known_and_short_dates_are_in_iso_form() -> None:
    assert [format_of(number, {}) for number in (0, 9, 14, 31, 999)] == [
        "General",
        "0%",
        "yyyy-mm-dd",
        "yyyy年m月d日",
        "General",
    ]
    assert format_of(164, {164: "0.0"}) == "0.0"


@settings(max_examples=500)
@given(st.text('0#?.,%/;@[]"\\_*<>=-+Eeymdhsb$ 4AMPGnrl', max_size=25), st.floats() | st.integers(-5, 60_000))
def test_any_format_shows_something(code: str, value: float) -> None:
    assert isinstance(shown_number(repr(value), code), str)
    assert isinstance(shown_text("a", code), str)
