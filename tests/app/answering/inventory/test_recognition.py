"""Questions about the collection and, above all, questions that are none: they must be searched for."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.inventory.recognition import InventoryQuestion, inventory_question, is_more
from tests.conftest import PROJECT

PUBLISHERS = {"xinhua", "新华社", "nature", "harbour news"}
ASKED = {
    "newest": [
        *("What is the newest article?", "Which article is newest?", "What's your latest article", "newest articles"),
        *(
            "Show me the most recent articles",
            "Please show me the latest articles!",
            "Which article was published last?",
            "What's new?",
            "How recent are the articles?",
            "When was the newest article published?",
            "what's the latest article you have?",
            "哪篇文章是最后发表的？",
            "最新的文章是哪篇",
            "哪篇文章最新？",
        ),
    ],
    "oldest": [
        "What is the oldest article?",
        "Which is the oldest piece in here?",
        "Which article is the earliest?",
        "最早的文章是哪一篇？",
        "哪篇文章最早",
    ],
    "count": [
        *("How many articles are there?", "how many articles do you have", "How many documents are in the collection?"),
        *("What is the number of articles?", "有多少篇文章？", "你现在有多少文章", "文章总数是多少"),
    ],
    "list": [
        *("what articles do you have?", "Which articles are available?", "list all articles", "show me the articles"),
        *("Articles", "all articles", "What are the articles", "Give me a list of all documents"),
        *("有哪些文章？", "你有什么文章？", "请列出所有文章", "文章列表", "有哪些文章可以问"),
    ],
    "topics": [
        *("What topics are there?", "Hi, what topics do you cover?", "Which subjects can I ask about?", "topics"),
        *("What do you know?", "What do you know about?", "What is this collection about?", "list the topics"),
        *("What kind of articles are there?", "Give me an overview of the collection", "这个文集讲什么？"),
        *("What are the articles about?", "这里都有哪些主题", "有哪些主题？", "这个文集是关于什么的？", "你知道什么"),
    ],
}
SUBJECTS = [
    ("How many articles mention quantum?", "count", "quantum"),
    ("In how many articles is quantum computing mentioned?", "count", "quantum computing"),
    ("How many articles are about funding?", "count", "funding"),
    ("In how many articles does oxalic acid come up?", "count", "oxalic acid"),
    ("What was the first article about the helipad?", "oldest", "the helipad"),
    ("list all articles about funding", "list", "funding"),
    ("which articles mention Tsinghua?", "list", "Tsinghua"),
    ("Are there any articles on the K visa?", "list", "the K visa"),
    ("What articles do you have about fusion?", "list", "fusion"),
    ("What documents are there on fusion?", "list", "fusion"),
    ("What is the latest article about fusion?", "newest", "fusion"),
    ("how many articles about quantum do you have", "count", "quantum"),
    ("Which of the articles mention quantum?", "list", "quantum"),
    ("Do any articles mention Tsinghua?", "list", "Tsinghua"),
    ("What are the three newest articles on bees?", "newest", "bees"),
    ("Give me the newest article that deals with bees, please. I was away for a month.", "newest", "bees"),
    ("有多少篇文章提到量子？", "count", "量子"),
    ("有没有关于资金的文章", "list", "资金"),
    ("关于资金的文章有多少篇？", "count", "资金"),
    ("列出所有关于资金的文章", "list", "资金"),
    ("有哪些文章提到K字签证？", "list", "K字签证"),
    ("有哪些文章讲北斗", "list", "北斗"),
    ("最新的关于资金的文章", "newest", "资金"),
    ("every article that mentions tritium", "list", "tritium"),
    ("Which texts talk about Tsinghua? List them all.", "list", "Tsinghua"),
    ("Tell me how many texts refer to Tsinghua, please", "count", "Tsinghua"),
    ("list everything on bees", "list", "bees"),
    ("What do you have on fusion?", "list", "fusion"),
    ("Do you have anything about fusion?", "list", "fusion"),
    ("I need all articles on patents", "list", "patents"),
    ("Where is Tsinghua mentioned?", "list", "Tsinghua"),
    ("which articles have to do with patents?", "list", "patents"),
    ("有关于资金的文章吗？", "list", "资金"),
    ("统计提到资金的文章数量", "count", "资金"),
    ("列出所有关于资金的内容", "list", "资金"),
]
OTHERS = [
    "How many articles does the constitution have?",
    "How many articles are there in the constitution?",
    "How many articles of the law mention freedom?",
    "Which article of the law forbids it?",
    "Which articles of the law changed?",
    "What are the articles of faith?",
    "articles of association",
    "What is the newest telescope?",
    "What is the oldest city?",
    "What is the latest document of the ministry on funding?",
    "list all members of the board",
    "How many articles did Nature publish in 2024?",
    "How many items are there?",
    "How many pieces are in the museum?",
    "How many stories does the tower have?",
    "What is the first article of the constitution?",
    "How many scientific articles did China publish in 2023?",
    "How many Chinese articles were cited?",
    "How many documents were signed in 2024?",
    "How many articles are in Nature?",
    "Which documents do I need for a K visa?",
    "Which documents were issued by the ministry?",
    "list the documents needed for a visa",
    "What topics are there in the five-year plan?",
    "What do you know about BeiDou?",
    "What is in the five-year plan?",
    "Which document says that?",
    "How many text messages are sent?",
    "list of documents for a visa application",
    "Is there anything on the moon?",
    "What is the last article of the treaty?",
    "Which company was founded last?",
    "list everything the committee decided",
    "What is new in the five-year plan?",
    "What do you have to do on arrival?",
    "the newest",
    "three newest satellites",
    "I need the documents for a visa",
    "How many articles did the ministry publish last year?",
    "What did the ministry publish last month?",
    "How many Chinese articles were cited last year?",
    "articles about bees or wasps",
    "最新的三颗卫星",
    "今年发表了多少篇论文？",
    "中文有多少个字？",
    "Which article?",
    "Which articles?",
    "articles about it",
    "articles by Reuters",
    "How many are there?",
    "宪法有多少条？",
    "最新的望远镜是什么",
    "哪篇文章获奖了？",
    "关于资金的政策有哪些",
    "北斗有哪些主题公园？",
    "这个基金关于什么？",
    "有多少篇文章提到茶",  # the index has pairs of characters, and cannot tell
    "more",
    "茶",
    "",
]


def recognised(text: str, *earlier: str) -> InventoryQuestion | None:
    return inventory_question(text, earlier, PUBLISHERS)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in ASKED.items() for text in texts])
def test_a_question_about_all_articles_is_recognised_in_its_own_language(kind: str, text: str) -> None:
    question = recognised(text)
    code = "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"
    assert question is not None
    assert (question.kind, question.language.code, question.subject) == (kind, code, "")
    assert (question.conditions.days, question.conditions.publishers) == (None, ())


@pytest.mark.parametrize(("text", "kind", "subject"), SUBJECTS)
def test_the_subject_of_a_question_is_recognised(text: str, kind: str, subject: str) -> None:
    question = recognised(text)
    assert question is not None
    assert (question.kind, question.subject) == (kind, subject)


@pytest.mark.parametrize("text", OTHERS)
def test_an_ordinary_question_stays_one(text: str) -> None:
    assert recognised(text) is None


def test_no_question_of_the_project_s_own_set_is_about_the_collection() -> None:
    lines = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    assert [each["id"] for each in asked if each["kind"] != "list" and recognised(each["question"])] == []


@pytest.mark.parametrize("more", ["more", "Show me more", "next page", "更多", "更多文章", "还有吗？"])
def test_more_goes_on_with_the_list_before_it(more: str) -> None:
    question = recognised(more, "hello", "articles about bees", "more")
    assert is_more(more)
    assert question is not None
    assert (question.subject, question.page) == ("bees", 2)


@pytest.mark.parametrize("earlier", [(), ("Who keeps bees?",), ("articles about bees", "Who keeps them?")])
def test_more_after_another_question_is_an_ordinary_one(earlier: tuple[str, ...]) -> None:
    assert recognised("more", *earlier) is None


@settings(max_examples=200)
@given(
    st.sampled_from([text for texts in ASKED.values() for text in texts]), st.from_regex(r"[A-Z]{4,9}", fullmatch=True)
)
def test_one_more_word_makes_it_another_question(text: str, word: str) -> None:
    assert recognised(f"{text} qx{word}") is None
    assert recognised(f"qx{word} {text}") is None


@pytest.mark.parametrize("part", ["how many articles ", "articles from 2025 ", "提到", "有多少篇", "articles on , "])
def test_a_long_text_is_not_even_looked_at(part: str) -> None:
    assert recognised(part * 100) is None
