"""Formulas of Word documents are lines of text."""

import pytest

from index.errors import BadArticle
from index.reading.formats.docx import docx_extract
from tests.wordfiles import (
    check,
    formula,
    in_body,
    letters,
    run,
)

X, A1 = letters("x"), letters("a+1")
INTEGRAL = formula("nary", sub=letters("0"), sup=letters("1"), e=X)
BRACES = '<m:begChr m:val="{"/><m:endChr m:val="}"/>'
MATRIX = f"<m:m><m:mr><m:e>{X}</m:e><m:e>{letters('y')}</m:e></m:mr><m:mr><m:e>{A1}</m:e></m:mr></m:m>"


@pytest.mark.parametrize(
    ("xml", "line"),
    [
        (formula("f", num=letters("1"), den=letters("2")), "1/2"),
        (formula("f", num=A1, den=formula("f", num=X, den=letters("2"))), "(a+1)/(x/2)"),
        (formula("f", '<m:type m:val="noBar"/>', num=letters("n"), den=letters("k")), "n¦k"),
        (formula("sSup", e=letters("10"), sup=letters("6")), "10⁶"),
        (formula("sSup", e=A1, sup=letters("X+1")), "(a+1)^(X+1)"),
        (formula("sSubSup", e=X, sub=letters("i"), sup=letters("2")), "x_i²"),
        (formula("sPre", sub=letters("6"), sup=letters("14"), e=letters("C")), "₆¹⁴C"),
        (formula("rad", deg="", e=letters("16")), "√(16)"),
        (formula("rad", deg=letters("3"), e=X), "³√(x)"),
        (formula("nary", '<m:chr m:val="∑"/>', sub=letters("i=1"), sup=letters("9"), e=letters("i")), "∑_(i=1)^9 i"),
        (INTEGRAL, "∫_0^1 x"),
        (formula("d", e=A1), "(a+1)"),
        (formula("d", BRACES, e=A1), "{a+1}"),
        (formula("func", fName=formula("limLow", e=letters("lim"), lim=letters("x→0")), e=X), "lim_(x→0) x"),
        (formula("acc", e=X), "x\u0302"),
        (formula("bar", e=X), "x\u0305"),
        (MATRIX, "x, y; a+1"),
        (f"<m:eqArr><m:e>{X}</m:e><m:e>{A1}</m:e></m:eqArr>", "x; a+1"),
        (f"<m:box><m:e>{A1}</m:e></m:box>", "a+1"),
    ],
)
def test_a_formula_is_a_line_and_its_signs_are_no_text_of_the_file(xml: str, line: str) -> None:
    check(in_body(f"<w:p>{run('So ')}<m:oMath>{xml}</m:oMath>{run('.')}</w:p>"), [f"So {line}."], {})


@pytest.mark.parametrize("depth", [20, 400])
def test_a_formula_that_lies_deep_in_itself_is_read_or_refused(depth: int) -> None:
    deep = X
    for _ in range(depth):
        deep = formula("rad", e=deep)
    raw = in_body(f"<w:p><m:oMath>{deep}</m:oMath></w:p>")
    if depth == 20:
        check(raw, ["√(" * depth + "x" + ")" * depth], {})
        return
    with pytest.raises(BadArticle, match=r"its part word/document\.xml is damaged\. Open it in Word"):
        docx_extract(raw)
