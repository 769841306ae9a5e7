"""Automatic numbers of Word documents are in the text."""

import pytest

from index.reading.formats.docx import docx_extract
from tests.files import with_part
from tests.wordfiles import (
    NUMBERING,
    PLAIN,
    SEEN,
    check,
    form,
    in_body,
    run,
)

DELETED = "deleted and hidden text"


def level(number: int, form: str, text: str) -> str:
    shape = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{number}">{shape}</w:lvl>'


def listed(text: str, number: int, level: int = 0) -> str:
    place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
    return f"<w:p><w:pPr><w:numPr>{place}</w:numPr></w:pPr>{run(text)}</w:p>"


def numbered(levels: str, paragraphs: str, override: str = "") -> bytes:
    lists = '<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num><w:num w:numId="91">'
    lists += f'<w:abstractNumId w:val="90"/>{override}</w:num>'
    abstract = f'<w:abstractNum w:abstractNumId="90">{levels}</w:abstractNum>{lists}</w:numbering>'
    return in_body(paragraphs, with_part(PLAIN, NUMBERING, b"</w:numbering>", abstract.encode()))


def test_automatic_numbers_are_in_the_text_with_levels_and_restarts() -> None:
    levels = level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)") + level(2, "upperRoman", "%1.%2.%3")
    order = [("a", 90, 0), ("b", 90, 1), ("c", 90, 1), ("d", 90, 2), ("e", 90, 0), ("f", 90, 1), ("g", 91, 0)]
    paragraphs = "".join(listed(*each) for each in order)
    texts = ["1. a", "(a) b", "(b) c", "1.b.I d", "2. e", "(a) f"]
    check(numbered(levels, paragraphs), [*texts, "3. g"], {})
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    check(numbered(levels, paragraphs, again), [*texts, "1. g"], {})


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("decimalZero", ["01", "02", "03", "04"]),
        ("upperLetter", ["A", "B", "C", "D"]),
        ("lowerRoman", ["i", "ii", "iii", "iv"]),
        ("ordinal", ["1st", "2nd", "3rd", "4th"]),
        ("decimalEnclosedCircle", ["①", "②", "③", "④"]),
        ("chineseCountingThousand", ["一", "二", "三", "四"]),
        ("hebrew1", ["1", "2", "3", "4"]),
    ],
)
def test_numbers_are_in_the_format_of_their_list(form: str, numbers: list[str]) -> None:
    raw = numbered(level(0, form, "%1)"), "".join(listed("x", 90) for _ in range(4)))
    check(raw, [f"{number}) x" for number in numbers], {})


def test_bullets_are_no_numbers_and_a_paragraph_that_is_deleted_has_none() -> None:
    check(numbered(level(0, "bullet", "\uf0b7"), listed("x", 90)), ["x"], {})
    marks = "<w:numPr><w:numId w:val='90'/></w:numPr><w:rPr><w:del/></w:rPr>"
    gone = f"<w:p><w:pPr>{marks}</w:pPr><w:del>{run('no')}</w:del></w:p>"
    check(numbered(level(0, "decimal", "%1."), gone + listed("x", 90)), ["1. x"], {DELETED: 2})


def test_hostile_numbers_of_lists_and_fields_are_bounded() -> None:
    choices = '<w:ddList><w:result w:val="99999999999999999999"/><w:listEntry w:val="Hull"/></w:ddList>'
    huge = level(0, "lowerRoman", "%1.").replace('w:val="1"', 'w:val="999999999"')
    extract = docx_extract(numbered(huge, listed("x", 90) + f"<w:p>{form(choices)}</w:p>"))
    assert [text for _, text in extract.blocks] == [SEEN, f"{'m' * 32}dcclxvii. x"]
