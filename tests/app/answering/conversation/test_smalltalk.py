"""Small talk and, above all, questions that are none: a question must never get a greeting for an answer."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.conversation.smalltalk import Help, help_for, is_small_talk
from app.answering.language import languages
from index.search.searcher import Searcher
from tests.conftest import PROJECT

TALK = {
    "greeting": [
        *("hello", "Hi", "HELLO!!!", "hi there", "Hello, there.", "Good morning!", "Hey, how are you?", "  hello  "),
        *("Ｈｅｌｌｏ", "hello :-)", "你好", "您好！", "你好吗？", "大家好", "早上好", "嗨，你好啊"),
    ],
    "thanks": [
        *("thanks", "Thanks!", "thank you very much", "Thank you so much.", "ok thanks", "Thanks for your help"),
        *(
            "thanks a lot",
            "Great, thank you!",
            "That helps, thanks",
            "谢谢",
            "谢谢你！",
            "非常感谢",
            "好的，谢谢啦",
            "謝謝",
        ),
    ],
    "help": [
        *("help", "Help!", "who are you?", "What can you do?", "hello, what can you do?", "how does this work?"),
        *("What can I ask you?", "Can you help me, please?", "How do I use this?", "帮助", "你能做什么？"),
        *("您是谁？", "这个怎么用？", "你好，你会做什么呢？", "我可以问什么", "你能做什麼"),
    ],
    "bye": ["bye", "Bye bye!", "Goodbye.", "ok, bye for now", "thanks, bye", "See you later", "再见", "谢谢，再见！"],
}
TALK_ELSEWHERE = {
    "de": {
        "greeting": ["Hallo!", "Guten Tag", "Guten Morgen, wie geht es Ihnen?", "Grüß Gott"],
        "thanks": ["Danke!", "Vielen Dank für Ihre Hilfe", "Das hilft mir sehr, danke"],
        "help": ["Hilfe", "Wer sind Sie?", "Hallo, was kannst du alles?", "Was kann ich Sie fragen?"],
        "bye": ["Tschüss", "Danke, tschüß!", "Auf Wiedersehen"],
    },
    "fr": {
        "greeting": ["Bonjour !", "Salut, ça va ?", "Bonsoir, comment allez-vous ?"],
        "thanks": ["Merci beaucoup !", "Merci pour votre aide", "Je vous remercie"],
        "help": ["Qui êtes-vous ?", "Qu'est-ce que vous pouvez faire ?", "Pouvez-vous m’aider, s’il vous plaît ?"],
        "bye": ["Au revoir", "Merci, à bientôt !", "Bonne journée"],
    },
    "es": {
        "greeting": ["¡Hola!", "Buenos días", "Hola, ¿qué tal?"],
        "thanks": ["¡Muchas gracias!", "Gracias por su ayuda", "Vale, gracias"],
        "help": ["Ayuda", "¿Quién es usted?", "¿Qué puedo preguntar?", "¿Me puede ayudar, por favor?"],
        "bye": ["Adiós", "Gracias, hasta luego"],
    },
}
ELSEWHERE = [
    (code, topic, text) for code, topics in TALK_ELSEWHERE.items() for topic, texts in topics.items() for text in texts
]
QUESTIONS = [
    "What articles mention the K visa?",
    "What articles do you have about fusion?",
    "What topics are there in the five-year plan?",
    "What did Ding Xuexiang say?",
    "Who are you quoting on the fund?",
    "Thanks for that, when did EAST set its record?",
    "Thanks. And who chairs it?",
    "Hello, who chairs the venture fund?",
    "hello kitty",
    "Hi-tech exports",
    "Hi tech",
    "help wanted: who hires engineers?",
    "Help me find the R&D budget",
    "Can you help me with the K visa?",
    "How does this work in Shanghai?",
    "How does it work?",
    "How does the K visa work?",
    "What can you do with a K visa?",
    "What can China do?",
    "What do you know about BeiDou?",
    "What is in the five-year plan?",
    "How many articles does the law have?",
    "Which articles of the law changed?",
    "What documents are there on fusion?",
    "good",
    "Good morning Shanghai",
    "bye-laws",
    "Thanksgiving",
    "Thanks to whom was the fund set up?",
    "And in 2024?",
    "When?",
    "so",
    "please",
    "你好科技是什么公司？",
    "谢谢，那么2025年呢？",
    "你能做什么样的研究？",
    "有哪些文章提到K字签证？",
    "有哪些文章讲北斗",
    "北斗有什么功能？",
    "这个基金怎么用？",
    "它怎么工作？",
    "谁感谢了科学家？",
    "早稻田大学",
    "帮助中小企业的政策有哪些？",
    "吗",
    "hello你好 who chairs the fund",
    "Wie funktioniert das?",
    "Hilfe für Unternehmen",
    "Danke, und wann wurde sie eröffnet?",
    "Wer ist der Vorsitzende?",
    "Comment ça marche ?",
    "Aide aux entreprises",
    "Merci, et qui le préside ?",
    "Bonjour tristesse",
    "¿Cómo funciona?",
    "Ayuda a las empresas",
    "Gracias, ¿y quién lo preside?",
    "bitte",
    "s'il vous plaît",
    "bien",
    "🙂",
    "",
]


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in TALK.items() for text in texts])
def test_small_talk_is_helped_in_its_own_language(topic: str, text: str, shared_searcher: Searcher) -> None:
    told = help_for(text, shared_searcher.articles)
    code = "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"
    assert told is not None
    assert (told.topic, told.text) == (topic, languages()[code].say(f"help.{topic}"))
    start = "关于“Bees in" if code == "zh" else "What do the articles say about Bees in"
    assert told.examples[0].startswith(start)


@pytest.mark.parametrize(("code", "topic", "text"), ELSEWHERE)
def test_small_talk_is_helped_in_german_french_and_spanish(
    code: str, topic: str, text: str, shared_searcher: Searcher
) -> None:
    told = help_for(text, shared_searcher.articles)
    assert told is not None
    assert (told.topic, told.text) == (topic, languages()[code].say(f"help.{topic}"))


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_stays_a_question(text: str, shared_searcher: Searcher) -> None:
    assert help_for(text, shared_searcher.articles) is None
    assert not is_small_talk(text)


def test_no_question_of_the_project_s_own_set_is_small_talk() -> None:
    lines = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
    assert [text for line in lines if is_small_talk(text := json.loads(line)["question"])] == []


def test_the_owner_s_examples_come_before_those_made_of_titles(shared_searcher: Searcher) -> None:
    examples = ("1?", "2?", "3?", "4?", "5?")
    assert help_for("hello", shared_searcher.articles, examples) == Help(
        "greeting", languages()["en"].say("help.greeting"), ("1?", "2?", "3?", "4?")
    )


def test_a_long_text_is_no_small_talk_and_is_not_even_looked_at() -> None:
    assert is_small_talk("hello" + "!" * 75)
    assert not is_small_talk("hello" + "!" * 76)
    assert not is_small_talk("hi " * 27)


@settings(max_examples=200)
@given(
    st.sampled_from([*(text for texts in TALK.values() for text in texts), *(text for *_, text in ELSEWHERE)]),
    st.from_regex(r"[A-Z]{4,9}", fullmatch=True),
)
def test_one_more_word_makes_it_a_question(text: str, word: str) -> None:
    assert not is_small_talk(f"{text} qx{word}")
    assert not is_small_talk(f"qx{word} {text}")
