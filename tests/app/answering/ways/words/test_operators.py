"""Operators of exclusion: which words of a question are one, and what is left of the question."""

from datetime import date

import pytest

from app.answering.ways.all import mentioned, reworded
from app.answering.ways.way import Known
from index.articles.facets import Facets
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.keywords import keywords_of
from tests.stored import article, write_texts


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    folder = tmp_path_factory.mktemp("operators")
    write_texts([article("a", "x")], folder)
    catalogue = BuildCatalogue(folder)
    return Known(Facets.of(catalogue), catalogue, date(2026, 1, 1), keywords_of([["x"]]))


@pytest.mark.parametrize(
    ("question", "keys", "rest"),
    [
        ("rope -hemp", ["without:hemp"], "rope"),
        ("-hemp rope", ["without:hemp"], "rope"),
        ("Where is rope kept -hemp?", ["without:hemp"], "Where is rope kept?"),
        ('rope -"steel wire" -hemp', ["without:steel wire", "without:hemp"], "rope"),
        ("rope -“steel wire”", ["without:steel wire"], "rope"),
        ("rope -e-commerce", ["without:e-commerce"], "rope"),
        ("rope NOT hemp", ["without:hemp"], "rope"),
        ("rope AND NOT hemp NOT steel", ["without:hemp", "without:steel"], "rope"),
        ("芯片 -美国", ["without:美国"], "芯片"),
        ("芯片 NOT 美国", ["without:美国"], "芯片"),
        ("绳子 -麻", ["without:麻"], "绳子"),
        ("rope but not hemp", ["less:hemp"], "rope"),
        ("Where may I keep a rope, not a chain?", ["less:chain"], "Where may I keep a rope?"),
        ("long ropes without hemp, where do they lie?", ["less:hemp"], "long ropes, where do they lie?"),
        ("ropes of the club exept hemp", ["less:hemp"], "ropes of the club"),
        ("rope without any hemp?", ["less:hemp"], "rope?"),
        ("rope without hemp or steel", ["less:hemp", "less:steel"], "rope"),
        ("anchors except for the museum in Beijing", ["less:museum"], "anchors in Beijing"),
        ("anchors excluding “the old museum”", ["less:the old museum"], "anchors"),
        ("festivals in May but not music", ["less:music"], "festivals in May"),
        ("What does the museum show except anchors?", ["less:anchors"], "What does the museum show?"),
        ("rope –hemp", ["without:hemp"], "rope"),
        ("rope −hemp", ["without:hemp"], "rope"),
        ("rope not including hemp", ["less:hemp"], "rope"),
        ("rope minus hemp", ["less:hemp"], "rope"),
        ("rope, no hemp", ["less:hemp"], "rope"),
        ("rope other than hemp", ["less:hemp"], "rope"),
        ("rope apart from those made of hemp", ["less:hemp"], "rope"),
        ("rope with the exception of the one in the loft", ["less:loft"], "rope"),
        ("anything but hemp for the anchor", ["less:hemp"], "for the anchor"),
        ("ropes free of hemp", ["less:hemp"], "ropes"),
        ("Which rope is there without hemp?", ["less:hemp"], "Which rope is there?"),
        ("Which rope does not contain hemp?", ["less:hemp"], "Which rope?"),
        ("Do you have a rope without hemp?", ["less:hemp"], "Do you have a rope?"),
        ("I need a rope that has no hemp", ["less:hemp"], "I need a rope"),
        ("I'd like a rope but not of hemp, what is it?", ["less:hemp"], "I'd like a rope, what is it?"),
        ("Where is rope kept, except the one with hemp?", ["less:hemp"], "Where is rope kept?"),
        ("不含麻的绳子在哪里？", ["less:麻"], "绳子在哪里？"),
        ("绳子有什么，不要麻", ["less:麻"], "绳子有什么"),
        ("哪种绳子不含麻？", ["less:麻"], "哪种绳子？"),
        ("大麻以外的绳子", ["less:大麻"], "绳子"),
        ("绳子 不包括麻", ["less:麻"], "绳子"),
        ("绳子，不包括 麻", ["less:麻"], "绳子"),
        ("不含糖的饮料", ["less:糖"], "饮料"),
        ("除了北京以外，还有哪些城市？", ["less:北京"], "还有哪些城市？"),
        ("除了北京，还有哪些城市？", ["less:北京"], "还有哪些城市？"),
        ("除北京之外还有哪些城市？", ["less:北京"], "还有哪些城市？"),
    ],
)
def test_an_operator_leaves_the_question_with_its_words(
    question: str, keys: list[str], rest: str, known: Known
) -> None:
    mentions = mentioned(question, known)
    assert [mention.key for mention in mentions] == keys
    assert reworded(question, mentions) == rest


@pytest.mark.parametrize(
    "question",
    [
        "What is anti-virus software?",
        "- item of a list",
        "Was it -5 °C at night?",
        "the range 2020 -2024",
        "What does the -verbose option do?",
        "words with the suffix -ness",
        "Is a rope -made of hemp- strong?",
        "tar --verbose files",
        "-hemp",
        "rope -the",
        "Which of these is NOT a rope?",
        "WHICH ROPE IS NOT HEMP?",
        "NOT hemp",
        "What is not covered?",
        "Which drug does not work without food?",
        "Which countries are without a coast?",
        "cannot live without water",
        "Doctors Without Borders",
        "without hemp",
        "all ships except one",
        "Which themes are in this speech but not in the one before?",
        "Beijing leads one ranking but not the WIPO one: where does it stand?",
        "He did nothing but sleep",
        "What happens without insurance?",
        "Give me the final figure, not the first estimate",
        "How long can a camel live without water?",
        "Can I travel without a visa?",
        "Without a visa, where may I travel?",
        "On a trip without a visa, what may I see?",
        "Is it a rope, not a chain, that holds?",
        "Is there a way to enter without a ticket?",
        "Do I have to pay without a card?",
        "Why was the plan free of debt?",
        "He is anything but happy",
        "temperature minus degrees",
        "What is no longer allowed?",
        "Is it true that Beijing leads, not Shanghai?",
        "不要放松警惕是谁说的？",
        "意料之外的结果",
        "有没有身份证都可以吗",
        "价格不包括什么？",
        "保险不包括的项目",
        "剔除物价影响后，增长多少？",
        "中国消除了贫困，下一步是什么？",
        "“rope without hemp”的意思",
        "rope tightened without breaking the mast",
    ],
)
def test_words_that_only_look_like_an_operator_are_none(question: str, known: Known) -> None:
    kinds = {mention.kind for mention in mentioned(question, known)}
    assert kinds.isdisjoint({"without", "less"})
