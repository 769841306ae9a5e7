from index.reading.formats.pdfdrawn import Glyph, Style
from index.reading.formats.pdfrows import lines_of


def glyph(text: str, x: float, y: float) -> Glyph:
    return Glyph(text, x, y, (x, y, x + 10, y + 10), Style(10, 0, False, False, False))


def test_characters_set_below_each_other_are_a_line() -> None:
    glyphs = []
    for column, line in enumerate(["港口委员会", "讨论新码头"]):
        for row, text in enumerate(line):
            glyphs += [glyph(text, 500 - 20 * column, 700 - 12 * row), Glyph("\n")]
    lines, _ = lines_of(glyphs)
    assert [line.text for line in lines] == ["港口委员会", "讨论新码头"]


def test_chinese_set_with_spaces_loses_them_and_a_single_one_stays() -> None:
    def said(text: str) -> str:
        glyphs = [glyph(letter, 72 + 10 * place, 700) for place, letter in enumerate(text)]
        return lines_of(glyphs)[0][0].text

    assert (said("港 口 委 员 会 star"), said("港口委员会 星期一")) == ("港口委员会 star", "港口委员会 星期一")
