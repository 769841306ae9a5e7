"""The question in a long pasted text."""

from datetime import date

import pytest

from app.answering.conversation.followup import question_after
from app.answering.ways.forms.pasted import unpasted
from app.answering.ways.way import Known
from index.search.questions.question import Question
from index.search.searcher import Searcher
from tests.answers import answer_to

BEFORE = (
    "Dear colleagues, I hope this finds you well. I am preparing a note for our director, who will travel next week, "
    "and was asked to collect some facts. We had a long meeting yesterday, in which many things were discussed, among "
    "them the canteen and the new printer. "
)
AFTER = (
    " I would be grateful for a quick reply. Could you send it by noon tomorrow? With best wishes, Martin (room 4.12)"
)
QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
CHINESE = (
    "各位同事：大家好！下周主任要出差，我正在为他准备一份材料，需要收集一些数据。"
    "昨天我们开了一个很长的会，讨论了食堂、停车位和新打印机等很多事情。"
)
CHINESE_AFTER = "如能尽快回复，我将不胜感激，因为材料必须在明天中午之前打印出来。谢谢！此致敬礼，马丁"


@pytest.fixture
def known(searcher: Searcher) -> Known:
    return Known(searcher.facets, searcher.articles, date(2025, 6, 1), searcher.store.vocabulary)


def read(text: str, known: Known) -> str:
    return unpasted(Question(text), known)[0].text


def test_a_mail_is_answered_as_the_question_in_it_is(searcher: Searcher) -> None:
    alone, mail = answer_to(searcher, QUESTION), answer_to(searcher, BEFORE + QUESTION + AFTER)
    assert mail.citations == alone.citations != ()
    assert [mention.key for mention in mail.preferences] == [f"pasted:{QUESTION}"]
    assert mail.absent == ()


def test_a_mail_is_read_whole_where_its_chip_was_taken_off(searcher: Searcher) -> None:
    answer = answer_to(searcher, BEFORE + QUESTION + AFTER, ignore=[f"pasted:{QUESTION}"])
    assert [mention.kind for mention in answer.preferences] == ["period"]  # it says "yesterday"
    assert answer.absent == ("Martin", "4.12")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            (BEFORE + "the probe is back. why can we not see the lunar soil? regards").lower(),
            "why can we not see the lunar soil?",
        ),
        (
            BEFORE + "Please tell me how many flowers a bee visits." + AFTER,
            "Please tell me how many flowers a bee visits.",
        ),
        (
            BEFORE + "The flowers that a bee visits are what we lack." + AFTER,
            "The flowers that a bee visits are what we lack.",
        ),
        (
            BEFORE + "Who can help us? How many seas has the Moon." + AFTER,
            "How many seas has the Moon.",
        ),
        (
            "Hi Rashid,\n\nhow are you? Did you have a good time in Porto? Isn't it mild for November? Here only "
            "rain, and the printer on our floor has given up again, as it always does when there is work to do.\n\n"
            "Please let me know whether bees visit flowers.\n\nSay hello to Mina, and let us have lunch soon.\nColin",
            "Please let me know whether bees visit flowers.",
        ),
        (
            "> > Did the boxes arrive?\n> Yes, all nine of them, thank you.\n\nGreat, then we can close that chapter. "
            "One more thing before I forget it, as I am off to the coast on Monday with the children and the old dog:\n"
            "How many seas has the Moon\n\nBest\nLotte\n-- \nLotte Whitlock, which room are you in?",
            "How many seas has the Moon",
        ),
        (
            "From: P. Szabo\nSubject: what is this?\n\n> Dear office,\n> He reads in bed until all hours, and we are "
            "running out of novels again, so that the library would be welcome.\n> How many flowers may a bee visit\n"
            "> Kind regards\n\nK., could you deal with that today, I am teaching until lunch and then I am in town.",
            "How many flowers may a bee visit",
        ),
        (
            "[17:02] Dad of Mila: Good evening everyone\n[17:02] Dad of Mila: hope you're all keeping warm?\n"
            "[17:03] Dad of Mila: Mila tells me that everybody knows this except us, typical of us all\n"
            "[17:04] Dad of Mila: could someone tell me the number of qubits of Tianyan-504\n"
            "[17:05] Dad of Mila: my shifts for next year are fixed on Thursday, that is all\n[17:06] Dad: thanks",
            "could someone tell me the number of qubits of Tianyan-504",
        ),
        (
            BEFORE
            + "I was wondering what bees visit, as my cousin has just bought a hive and talks of nothing else."
            + AFTER,
            "I was wondering what bees visit",
        ),
        (
            "Dear Mrs Pell, how many seas has the Moon? I ask on behalf of my mother-in-law, who wants to know all. "
            "She is eighty-three, does her banking with pencil and paper, and you know what grandmothers are like. So "
            "many thanks to you for all your help with the garden, too, Annabel",
            "how many seas has the Moon?",
        ),
        (
            ">> does anybody still have my umbrella? It is blue with ducks, and my aunt gave it to me last summer.\n"
            "> I think Paul took it home by mistake, as he always does\n\nPaul did, and so that is solved, at last. "
            "Next mystery: how many seas has the Moon. I would love to know before Christmas, and so would all of us.",
            "Next mystery: how many seas has the Moon.",
        ),
        (CHINESE + "探测器带回了多少克月球土壤？" + CHINESE_AFTER, "探测器带回了多少克月球土壤？"),
        (CHINESE + "我想知道探测器带回了多少克月球土壤。" + CHINESE_AFTER, "我想知道探测器带回了多少克月球土壤。"),
    ],
)
def test_the_sentence_that_asks_is_found(text: str, asked: str, known: Known) -> None:
    assert read(text, known) == asked


@pytest.mark.parametrize(
    "text",
    [
        "EAST ran in 2025. How long?",
        "A probe brought some of it home. Who sent it? And when?",
        "天衍是一台计算机。它有多少个量子比特？",
        "In a country whose government has asked its universities and academies for many years to work more "
        "closely with "
        "the companies, what share of the money that all of them together spend on research and development was "
        "paid "
        "by the companies rather than by the state, by foundations or from abroad?",
    ],
)
def test_short_texts_and_single_sentences_stay_whole(text: str, known: Known) -> None:
    assert read(text, known) == text


def test_a_sentence_that_leans_is_read_after_those_before_it(known: Known) -> None:
    text = f"{BEFORE}A probe brought lunar soil. It was praised. How much of it was there?{AFTER}"
    question, _ = unpasted(Question(text), known)
    assert question.text == "How much of it was there?"
    assert question.context.questions == ("A probe brought lunar soil. It was praised.",)
    assert question.context.leads


def test_of_an_earlier_pasted_text_its_question_counts(known: Known) -> None:
    question, mentions = unpasted(question_after("And of bees?", [BEFORE + QUESTION + AFTER]), known)
    assert question.context.questions == (QUESTION,)
    assert question.context.leads
    assert mentions == ()
