"""Rich text files, and their account held against a count of the letters between their words."""

import re

import pytest

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract
from index.reading.formats.rtf import rtf_extract

FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fnil\fcharset2 Symbol;}{\f2\fcharset204 Arial Cyr;}"
    r"{\f3\fcharset128 MS Mincho;}}{\stylesheet{\ql Normal;}{\s1\ql\sbasedon0 heading 1;}}"
)


def rtf(body: str) -> bytes:
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{FONTS}{body}}}".encode("latin-1")


def texts(extract: Extract) -> list[str]:
    return [text for _, text in extract.blocks]


def lost(extract: Extract) -> int:
    shown = sum(visible(text) for text in texts(extract)) - extract.repeated
    return extract.characters - sum(extract.skipped.values()) - shown


@pytest.mark.parametrize(
    ("body", "blocks", "skipped"),
    [
        (r"Caf\'e9 caf\'c9s", ["Café cafÉs"], {}),
        (r"\u8364? \u-10179?\u-8704? \uc0\u233 t", ["€ 😀 ét"], {}),
        (r"\uc2\u233\'c3\'a9 t \uc1\u8211- u", ["é t – u"], {}),
        (r"{\f2\'cf\'f0\'e8} {\f3\'82\'a0\'83A} {\f1\'b3}5", ["При あア ≥5"], {}),
        (r"10{\super 6} N in 2024{\super 1} of H{\sub 2}O", ["10⁶ N in 2024 ¹ of H₂O"], {}),
        (r"so\par\pard more\line text \{a\\b\}", ["so", "more\ntext {a\\b}"], {}),
        (r"seen{\v hidden}{\deleted gone} {\strike old} new",
         ["seen new"], {"deleted and hidden text": 10, "struck text": 3}),
        (r"{\header Page head\par}{\footerf 7}Body", ["Body"], {"running headers and footers": 9}),
        (r"Body{\*\annotation A remark}", ["Body"], {"comments": 7}),
        (r'{\field{\*\fldinst HYPERLINK "http://x.example"}{\fldrslt The rules}} hold', ["The rules hold"], {}),
        (r"{\*\shppict{\pict\pngblip 89504e}}{\nonshppict{\pict 00}}A picture", ["A picture"], {}),
        (r"{\object{\*\objdata 0105}{\result A chart}} here", ["A chart here"], {}),
        (r"{\pict\bin6 }}\{{a} After", ["After"], {}),
        (r"Text{\super\chftn}{\footnote\pard{\super\chftn} A note.\par Its end.} goes on.\par Next", [
            "Text goes on.", "A note.", "Its end.", "Next"], {}),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt Boxed\par}}{\shprslt Boxed}}Round", ["Round", "Boxed"], {}),
        (r"{\upr{\*\bkmkstart a}{\*\ud{\*\bkmkstart b}}}{\upr{Gro?e}{\*\ud{Gr\u246?\u223?e}}}", ["Größe"], {}),
        (r"{\listtext\pard\f1\'b7\tab}First\par{\listtext 2.\tab}Second\par",
         ["First", "2. Second"], {"marks of lists": 1}),
        (r"{\*\unknown secret}{\*\generator Word}Told", ["Told"], {}),
    ],
)  # fmt: skip
def test_letters_are_read_as_they_are_shown(body: str, blocks: list[str], skipped: dict[str, int]) -> None:
    extract = rtf_extract(rtf(body))
    assert (texts(extract), extract.skipped, lost(extract)) == (blocks, skipped, 0)


def test_a_row_names_its_columns_and_a_merged_cell_is_repeated() -> None:
    row = r"\trowd\cellx1\cellx2\pard\intbl {}\cell {}\cell\row "
    merged = r"\trowd\clvmrg\cellx1\cellx2\pard\intbl \cell 6\par t\cell\row\pard "
    extract = rtf_extract(rtf(row.format("Port", "Share") + row.format("Hull", "5") + merged + "End"))
    rows = [("row", "Port: Hull; Share: 5"), ("row", "Port: Hull; Share: 6 t"), ("paragraph", "End")]
    assert (extract.blocks, lost(extract)) == (rows, 0)


def test_a_heading_is_a_style_or_a_level_and_the_title_is_one_that_the_text_has() -> None:
    body = r"{\info{\title Harbour rules}{\author X}}\pard\s1 Harbour rules\par\pard\outlinelevel1 Fees\par\pard Low."
    extract = rtf_extract(rtf(body))
    assert extract.blocks == [("heading", "Harbour rules"), ("heading", "Fees"), ("paragraph", "Low.")]
    assert extract.header.title == "Harbour rules"
    assert rtf_extract(rtf(body.replace(r"\title Harbour rules", r"\title Form 7"))).header.title == "Harbour rules"
    assert rtf_extract(rtf(r"{\info{\title Form 7}}Low.")).header.title == ""


def test_a_letter_without_a_known_character_is_lost_and_named() -> None:
    extract = rtf_extract(rtf(r"a \u-7900? \'81 b"))
    assert (texts(extract), lost(extract)) == (["a � � b"], 2)
    assert extract.missing == ["letters without a known character: 2. Save it anew as DOCX"]


def test_the_account_is_the_letters_between_the_words() -> None:
    words = [f"word{number} caf\\'e9" for number in range(50)]
    body = r"\par\pard\b ".join(words) + r"{\v hid} {\footnote note} \trowd\intbl a\cell b\cell\row "
    plain = re.sub(r"\\'e9", "e", body)
    counted = visible(re.sub(r"\\[a-z]+-?\d* ?|[{}]", "", plain))
    extract = rtf_extract(rtf(body))
    assert (extract.characters, lost(extract)) == (counted, 0)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"PK\3\4", "no RTF: its beginning is missing. Save it anew as RTF or DOCX"),
        (rb"{\rtf1 The harbour", "no whole RTF: its end is missing. Get the file again"),
        (rb"{\rtf1 a{\pict\bin999999999 }}", "no whole RTF: its end is missing. Get the file again"),
        (rb"{\rtf1 " + b"{" * 5_000, "groups lie over 1,000 deep in each other. Save a simpler copy"),
    ],
)
def test_a_file_that_is_none_or_cut_or_deep_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(BadArticle) as caught:
        rtf_extract(raw)
    assert str(caught.value) == reason
