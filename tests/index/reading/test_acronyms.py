"""Acronyms that a text defines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reading.acronyms import acronyms_of


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("One is the Harbour Safety Board (HSB), founded long ago.", "HSB", "Harbour Safety Board"),
        ("the Belt and Road Initiative (BRI)", "BRI", "Belt and Road Initiative"),
        ("the Office of Spatial Planning (OSP)", "OSP", "Office of Spatial Planning"),
        ("the Belt & Road Initiative (BRI)", "BRI", "Belt & Road Initiative"),
        ("the BRI (Belt and Road Initiative) grows", "BRI", "Belt and Road Initiative"),
        ("the Harbour Safety Board, HSB for short, met", "HSB", "Harbour Safety Board"),
        ("the Harbour Safety Board, abbreviated as HSB, met", "HSB", "Harbour Safety Board"),
        ('the Harbour Safety Board (the "HSB") met', "HSB", "Harbour Safety Board"),
        ("the Ministry of Science and Technology (MOST)", "MOST", "Ministry of Science and Technology"),
        (
            "the National Natural Science Foundation of China (NSFC)",
            "NSFC",
            "National Natural Science Foundation of China",
        ),
        ("the BeiDou Navigation Satellite System (BDS)", "BDS", "BeiDou Navigation Satellite System"),
        ("small and medium-sized enterprises (SMEs)", "SME", "small and medium-sized enterprises"),
        ("unmanned aerial vehicles (UAVs)", "UAV", "unmanned aerial vehicles"),
        ("research and development (R&D)", "R&D", "research and development"),
        ("The messenger RNA (mRNA) is short.", "mRNA", "messenger RNA"),
        ("Information Technology (IT) pays.", "IT", "Information Technology"),
        ("目前中国的北斗卫星导航系统（BDS）已建成。", "BDS", "北斗卫星导航系统"),
        ("国家发展和改革委员会（简称国家发改委）", "国家发改委", "国家发展和改革委员会"),
        ("国家自然科学基金委员会（以下简称“基金委”）", "基金委", "国家自然科学基金委员会"),
        ("来自北京的城市更新办公室（城更办）成立。", "城更办", "城市更新办公室"),
        ("公共自行车管理站（公自站）", "公自站", "公共自行车管理站"),
        ("the Advice and Integration Desk (AID)", "AID", "Advice and Integration Desk"),
        ("TAR stands for Travel Approval Request.", "TAR", "Travel Approval Request"),
        ("OQL stands for Old Quarter Levy and is due in May.", "OQL", "Old Quarter Levy"),
        ("Short forms\nHSB: the harbour safety board, five people\nMHO", "HSB", "harbour safety board"),
        ("- HSB = Harbour Safety Board", "HSB", "Harbour Safety Board"),
        ("Short form: HSB; Meaning: Harbour Safety Board; Since: 1990", "HSB", "Harbour Safety Board"),
        ("VAT is short for value added tax.", "VAT", "value added tax"),
        ("the Municipal Housing Office, known to everybody as the MHO", "MHO", "Municipal Housing Office"),
    ],
)
def test_a_definition_is_found(text: str, short: str, long: str) -> None:
    assert acronyms_of(text) == ((short, long),)


@pytest.mark.parametrize(
    "text",
    [
        "the mayor (Anna) spoke",
        "the mayor (ANNA) spoke",
        "It was shown in Beijing (AFP).",
        "IT IS DONE",  # capitals in a heading
        "NB: call the desk first",
        "HSB: meets on Monday",
        "Ship: HSB; Owner: Miller and Sons",
        "The WHO met. Who met?",
        "the Harbour Safety Board (see HSB 4)",
        "Harbour Safety. Board (HSB)",  # two sentences
        "He paid (USD) in a shop.",
        "(HSB)",
        "about 1,200 (2024) of them",
        "会议（2024）",
        "会议（周五）",
        "上海交通大学（上海）",
        "粤港澳大湾区（大湾区）",
        "人工智能（智能）",
        "the Harbour <b>Safety</b> Board (HSB)",
    ],
)
def test_words_in_parentheses_that_do_not_fit_are_no_acronym(text: str) -> None:
    assert acronyms_of(text) == ()


def test_each_definition_counts_once_and_at_most_200_of_an_article() -> None:
    assert acronyms_of("Harbour Board (HB) and Harbour Board (HB), Hill Bank (HB)") == (
        ("HB", "Harbour Board"),
        ("HB", "Hill Bank"),
    )
    many = " ".join(f"Aa{n:03} Bb (A{n:03}B)." for n in range(300)).replace("Aa", "A")
    assert len(acronyms_of(many)) <= 200


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(["of", "Of", "(OO)", "(", ")", "A", "B-c", "AB", "简称", "（", "）", "，", "中", "ß", "İ"])
    )
)
def test_a_long_form_stands_in_the_text(parts: list[str]) -> None:
    text = " ".join(parts)
    for short, long in acronyms_of(text):
        assert short in text
        assert long in text
