from pathlib import Path

import pytest

from index.articles.article import Place
from index.errors import BadQuestion
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.files import pdf
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"


def test_the_quote_is_the_articles_own_text_and_the_highlight_lies_in_it(searcher: Searcher) -> None:
    citation = answer_to(searcher, QUESTION).citations[0]
    article = searcher.articles.by_id("moon")
    assert article is not None
    assert citation.quote == article.text[citation.start : citation.end]
    assert citation.quote.startswith("Soil\nLunar soil is dry.")
    [(start, end)] = citation.highlight
    assert citation.quote[start:end] == "A probe brought 1,935.3 grams of it to Earth in June 2024."


def test_a_citation_carries_what_a_reader_needs_to_trust_it(searcher: Searcher) -> None:
    citation = answer_to(searcher, QUESTION).citations[0]
    assert (citation.number, citation.article, citation.title) == (1, "moon", "The Moon: soil and seas")
    assert (citation.publisher, citation.published) == ("Night Sky Notes", "2024-06-25")
    assert [(source.title, source.publisher) for source in citation.sources] == [("Sample return", "Space Agency")]
    assert (citation.url, citation.page, citation.receipt) == (None, None, "verified")
    assert 0 < citation.score <= 1


def test_the_link_opens_the_article_at_the_passage_with_the_sentence_marked(searcher: Searcher) -> None:
    citation = answer_to(searcher, QUESTION).citations[0]
    moon = searcher.articles.by_id("moon")
    assert moon is not None
    first, last = (citation.start + offset for offset in citation.highlight[0])
    expected = (
        f"/articles/moon?start={citation.start}&end={citation.end}&mark={first}-{last}&cited={moon.sha256[:12]}#passage"
    )
    assert citation.link == expected


def test_a_question_the_articles_do_not_answer_has_closest_passages_instead_of_citations(searcher: Searcher) -> None:
    answer = answer_to(searcher, "Which orchestra toured Portugal?", k=2)
    assert answer.answered is False
    assert answer.citations == ()
    assert [citation.number for citation in answer.closest] == [1, 2]


def test_the_answer_object_has_the_agreed_keys(searcher: Searcher) -> None:
    answer = answer_to(searcher, QUESTION, k=1).to_json()
    assert list(answer) == [
        "question",
        "verdict",
        "answered",
        "citations",
        "closest",
        "build",
        "history_used",
        "read_as",
        "step",
        "section",
        "filters",
        "preferences",
        "notes",
        "respelled",
        "absent",
        "next",
        "sides",
        "help",
        "listing",
    ]
    assert set(answer["citations"][0]) == {
        *("number", "article", "title", "publisher", "published", "sources", "url", "page", "place"),
        *("start", "end", "quote", "highlight", "answer", "rows", "score", "link", "receipt", "also_in"),
        *("superseded_by", "expired", "newer", "recognised", "changed", "fetched", "pinned"),
    }
    assert (answer["question"], answer["answered"], answer["build"]) == (QUESTION, True, searcher.manifest.name)
    assert (answer["closest"], answer["history_used"], answer["filters"], answer["notes"]) == ((), (), {}, ())
    assert (answer["read_as"], answer["step"]) == ("", None)
    assert (answer["preferences"], answer["respelled"], answer["absent"]) == ([], {}, ())


def test_k_bounds_the_citations(searcher: Searcher) -> None:
    assert len(answer_to(searcher, QUESTION, k=2).citations) == 2


def test_a_question_without_words_is_refused(searcher: Searcher) -> None:
    with pytest.raises(BadQuestion, match="holds no word"):
        answer_to(searcher, "🙂")


def test_a_citation_of_a_pdf_names_the_page_of_the_highlighted_sentence(tmp_path: Path) -> None:
    first = ["The harbour was dredged in the spring.", "It is eight metres deep."]
    (tmp_path / "report.pdf").write_bytes(pdf([first, [], ["Ivy feeds the bees of the garden in October."]]))
    build(tmp_path, tmp_path / "index", IDENTITY, load=HashingEncoder)
    searcher = searcher_of(tmp_path / "index")
    pages = [
        answer_to(searcher, question, k=1).citations[0].page
        for question in ("How many metres deep is the harbour?", "Which plant feeds the bees of the garden in October?")
    ]
    assert pages == [1, 3]


def test_a_citation_of_a_file_of_rows_names_the_row(tmp_path: Path) -> None:
    (tmp_path / "costs.csv").write_text("Harbour,Costs\nVelmora,5 crowns\nOstrey,6 crowns\n", "utf-8")
    build(tmp_path, tmp_path / "index", IDENTITY, load=HashingEncoder)
    citation = answer_to(searcher_of(tmp_path / "index"), "What are the costs of Ostrey?", k=1).citations[0]
    assert (citation.page, citation.place) == (None, Place("row", 3))


def test_small_talk_is_helped_and_nothing_is_searched(searcher: Searcher) -> None:
    answer = answer_to(searcher, "What can you do?", examples=("One?",))
    assert (answer.answered, answer.citations, answer.closest, answer.history_used) == (False, (), (), ())
    told = answer.to_json()["help"]
    assert (told["topic"], told["text"].split(".")[0], told["examples"]) == ("help", "Ask in plain words", ("One?",))
    assert answer_to(searcher, QUESTION).help is None


def test_small_talk_is_no_context_for_what_is_asked_after_it(searcher: Searcher) -> None:
    earlier = ["Is lunar soil dry?", "Thank you!", "你能做什么？", "hello"]
    assert answer_to(searcher, "And when?", earlier=earlier).history_used == ("Is lunar soil dry?",)


def test_a_question_that_stands_alone_and_is_refused_was_read_alone(searcher: Searcher) -> None:
    answer = answer_to(searcher, "Who is the CEO of Huawei?", earlier=["Is lunar soil dry?"])
    assert (answer.verdict, answer.history_used) == ("none", ())


def test_what_was_asked_before_can_be_left_out(searcher: Searcher) -> None:
    earlier = ["Is lunar soil dry?"]
    assert answer_to(searcher, "And when?", earlier=earlier).history_used == ("Is lunar soil dry?",)
    alone = answer_to(searcher, "And when?", earlier=earlier, ignore={"history"})
    assert (alone.history_used, alone.citations) == ((), answer_to(searcher, "And when?").citations)
