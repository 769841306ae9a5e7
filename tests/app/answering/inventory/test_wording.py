"""Questions about the collection in German, French and Spanish, and questions that are none."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.inventory.recognition import InventoryQuestion, inventory_question, is_more
from index.articles.filters import period

PUBLISHERS = {"xinhua", "nature"}
ASKED = {
    "de": {
        "count": ["Wie viele Artikel gibt es?", "Wie viele Dokumente sind in der Sammlung?", "Anzahl der Artikel"],
        "list": ["Welche Artikel gibt es?", "Zeigen Sie mir bitte alle Artikel", "Liste aller Artikel"],
        "newest": ["Der neueste Artikel", "Welcher Artikel ist am neuesten?", "Was gibt es Neues?"],
        "oldest": ["Was ist der älteste Artikel?"],
        "topics": ["Welche Themen gibt es?", "Worum geht es hier?", "Wovon handeln die Artikel?", "Was wissen Sie?"],
    },
    "fr": {
        "count": ["Combien d'articles y a-t-il ?", "Combien d’articles avez-vous ?", "Quel est le nombre d'articles ?"],
        "list": ["Quels articles y a-t-il ?", "Montrez-moi tous les articles", "Liste des articles"],
        "newest": ["Le dernier article", "Quel est l'article le plus récent ?", "Quoi de neuf ?"],
        "oldest": ["L'article le plus ancien"],
        "topics": ["Quels thèmes y a-t-il ?", "De quoi parlent les articles ?", "Que contient cette collection ?"],
    },
    "es": {
        "count": ["¿Cuántos artículos hay?", "Cuantos articulos tiene", "Número de artículos"],
        "list": ["¿Qué artículos hay?", "Muéstreme todos los artículos", "Lista de artículos"],
        "newest": ["El artículo más reciente", "¿Cuál es el último artículo?", "¿Qué hay de nuevo?"],
        "oldest": ["El artículo más antiguo"],
        "topics": ["¿Qué temas hay?", "¿De qué tratan los artículos?", "¿Qué sabe usted?"],
    },
}
SUBJECTS = [
    ("Welche Artikel erwähnen Brücken?", "list", "Brücken"),
    ("Gibt es Artikel über die Brücke?", "list", "Brücke"),
    ("Artikel, die sich mit Brücken beschäftigen", "list", "Brücken"),
    ("In welchen Artikeln werden Brücken erwähnt?", "list", "Brücken"),
    ("In wie vielen Artikeln geht es um Brücken?", "count", "Brücken"),
    ("Können Sie mir alle Artikel zum Thema Brücken zeigen?", "list", "Brücken"),
    ("Der neueste Artikel über Brücken", "newest", "Brücken"),
    ("Quels articles parlent de ponts ?", "list", "ponts"),
    ("Quels articles parlent d'énergie ?", "list", "énergie"),
    ("Dans quels articles les ponts sont-ils mentionnés ?", "list", "ponts"),
    ("Combien d'articles mentionnent les ponts ?", "count", "ponts"),
    ("Pouvez-vous lister les articles sur les ponts, s'il vous plaît ?", "list", "ponts"),
    ("Le dernier article sur les ponts", "newest", "ponts"),
    ("¿Qué artículos hablan de los puentes?", "list", "puentes"),
    ("¿En cuántos artículos se mencionan puentes?", "count", "puentes"),
    ("¿Me puede mostrar los artículos sobre puentes, por favor?", "list", "puentes"),
    ("El último artículo sobre puentes", "newest", "puentes"),
]
TIMES = [
    ("Wie viele Artikel gibt es über Brücken seit 2024?", "2024", "9999"),
    ("Welche Artikel gibt es seit 2024 über Brücken?", "2024", "9999"),
    ("Wie viele Artikel wurden 2024 veröffentlicht?", "2024", "2024"),
    ("Welche Artikel erschienen im Januar 2025?", "2025-01", "2025-01"),
    ("Artikel zwischen 2023 und 2025", "2023", "2025"),
    ("Artikel nach dem 5. Januar 2025", "2025-01-06", "9999"),
    ("Combien d'articles y a-t-il sur les ponts depuis 2024 ?", "2024", "9999"),
    ("Combien d'articles ont été publiés en mars 2025 ?", "2025-03", "2025-03"),
    ("articles du 5 mars 2025", "2025-03-05", "2025-03-05"),
    ("articles avant 2024", "0001", "2023"),
    ("¿Cuántos artículos hay sobre puentes desde 2024?", "2024", "9999"),
    ("¿Cuántos artículos se publicaron en 2024?", "2024", "2024"),
    ("artículos del 5 de enero de 2025", "2025-01-05", "2025-01-05"),
    ("artículos de 2023 a 2025", "2023", "2025"),
]
NUMBERED = ["Die drei neuesten Artikel", "Les trois derniers articles", "Los tres artículos más recientes"]
IN_CHINESE = ["Wie viele Artikel sind auf Chinesisch?", "articles chinois", "¿Cuántos artículos están en chino?"]
BY_XINHUA = ["Artikel von Xinhua aus 2025", "articles publiés par Xinhua en 2025", "artículos de Xinhua de 2025"]
OTHERS = [
    "Wie viele Artikel hat das Grundgesetz?",
    "Welche Artikel des Gesetzes verbieten es?",
    "Welche Dokumente brauche ich für ein Visum?",
    "Welche Themen gibt es im Fünfjahresplan?",
    "Gibt es etwas zu essen?",
    "Was wissen Sie über Brücken?",
    "Wo kommt Uran vor?",
    "Was ist das neueste Teleskop?",
    "Wie viele Artikel veröffentlichte Nature 2024?",
    "Artikel über Bienen oder Wespen",
    "Combien d'articles compte la Constitution ?",
    "Quels articles de la loi l'interdisent ?",
    "Quel est le dernier article du traité ?",
    "Quels documents faut-il pour un visa ?",
    "Que savez-vous de BeiDou ?",
    "Combien d'articles Nature a-t-il publiés en 2024 ?",
    "articles sur les abeilles ou les guêpes",
    "¿Cuántos artículos tiene la Constitución?",
    "¿Cuál es el último artículo del tratado?",
    "¿Qué documentos necesito para un visado?",
    "¿Hay algo sobre la mesa?",
    "¿Cuántos artículos publicó Nature en 2024?",
    "artículos sobre abejas o avispas",
]
ALL = [(code, kind, text) for code, kinds in ASKED.items() for kind, texts in kinds.items() for text in texts]


def recognised(text: str, *earlier: str) -> InventoryQuestion | None:
    return inventory_question(text, earlier, PUBLISHERS, date(2026, 6, 10))


@pytest.mark.parametrize(("code", "kind", "text"), ALL)
def test_a_question_about_all_articles_is_recognised_in_its_own_language(code: str, kind: str, text: str) -> None:
    question = recognised(text)
    assert question is not None
    assert (question.language.code, question.kind, question.subject) == (code, kind, "")


@pytest.mark.parametrize(("text", "kind", "subject"), SUBJECTS)
def test_the_subject_is_named_without_its_article(text: str, kind: str, subject: str) -> None:
    question = recognised(text)
    assert question is not None
    assert (question.kind, question.subject) == (kind, subject)


@pytest.mark.parametrize(("text", "since", "until"), TIMES)
def test_a_date_is_a_condition(text: str, since: str, until: str) -> None:
    question = recognised(text)
    assert question is not None
    assert question.conditions.days == (period(since)[0], period(until)[1])
    assert question.subject.lower() in ("", "brücken", "ponts", "puentes")


def test_numbers_languages_and_publishers_are_conditions_too() -> None:
    assert [question.most for text in NUMBERED if (question := recognised(text))] == [3, 3, 3]
    found = [recognised(text) for text in (*IN_CHINESE, *BY_XINHUA)]
    conditions = [(each.conditions.languages, each.conditions.publishers) for each in found if each]
    assert conditions == [(("zh",), ())] * 3 + [((), ("xinhua",))] * 3


@pytest.mark.parametrize("text", OTHERS)
def test_an_ordinary_question_stays_one(text: str) -> None:
    assert recognised(text) is None


@pytest.mark.parametrize("more", ["Noch mehr", "weitere Artikel", "la suite", "Plus d'articles", "más", "¿Hay más?"])
def test_more_goes_on_with_the_list_before_it(more: str) -> None:
    question = recognised(more, "Welche Artikel erwähnen Brücken?")
    assert is_more(more)
    assert question is not None
    assert (question.subject, question.page) == ("Brücken", 1)


@settings(max_examples=100)
@given(st.sampled_from(ALL), st.from_regex(r"[A-Z]{4,9}", fullmatch=True))
def test_one_more_word_makes_it_another_question(asked: tuple[str, str, str], word: str) -> None:
    assert recognised(f"{asked[2]} qx{word}") is None
    assert recognised(f"qx{word} {asked[2]}") is None


@pytest.mark.parametrize("part", ["wie viele Artikel ", "die über ", "articles de 2025 ", "artículos de los "])
def test_a_question_as_long_as_allowed_is_read_at_once(part: str) -> None:
    assert recognised((part * 100)[:200]) is None
