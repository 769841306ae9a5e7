"""Acronyms, their long forms, and the owner's synonyms in a question."""

from datetime import date

import pytest

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.ways.all import WAYS, mentioned, readings
from app.answering.ways.way import Known
from app.answering.ways.words.synonyms import Synonyms
from index.articles.facets import Facets
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.answers import answer_to
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.keywords import keywords_of
from tests.postgres import Server
from tests.stored import article, write_texts

ACRONYMS = (
    ("HSB", "Harbour Safety Board"),
    ("IT", "Information Technology"),
    ("UAV", "unmanned aerial vehicles"),
    ("R&D", "research and development"),
    ("BDS", "北斗卫星导航系统"),
    ("ESA", "European Space Agency"),
    ("ESAC", "European Space Agency Council"),
)
HB = (("HB", "Harbour Board"), ("HB", "Hill Bank"))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    folder = tmp_path_factory.mktemp("acronyms")
    articles = [("a", ACRONYMS), ("b", HB), ("c", HB[1:])]
    write_texts([article(name, "x", acronyms=acronyms) for name, acronyms in articles], folder)
    catalogue = BuildCatalogue(folder)
    return Known(Facets.of(catalogue), catalogue, date(2025, 6, 1), keywords_of([["x"]]), Synonyms.of(catalogue))


def asked(text: str, known: Known) -> list[tuple[str, str]]:
    """The value and the words of each mention."""
    return [(each.value, each.text) for each in mentioned(text, known) if each.kind == "acronym"]


@pytest.mark.parametrize(
    ("question", "value", "words", "other"),
    [
        ("What does the HSB do?", "HSB = Harbour Safety Board", "HSB", "What does the Harbour Safety Board do?"),
        ("the harbour safety board's seal", "HSB = Harbour Safety Board", "harbour safety board", "the HSB's seal"),
        ("What does IT cost?", "IT = Information Technology", "IT", "What does Information Technology cost?"),
        ("How many UAVs?", "UAV = unmanned aerial vehicles", "UAVs", "How many unmanned aerial vehicles?"),
        ("an unmanned aerial vehicle", "UAV = unmanned aerial vehicles", "unmanned aerial vehicle", "an UAV"),
        ("What is R&D?", "R&D = research and development", "R&D", "What is research and development?"),
        ("BDS有多少颗卫星？", "BDS = 北斗卫星导航系统", "BDS", "北斗卫星导航系统有多少颗卫星？"),
        ("北斗卫星导航系统有多少颗卫星？", "BDS = 北斗卫星导航系统", "北斗卫星导航系统", "BDS有多少颗卫星？"),
        (
            "Where is the European Space Agency Council?",
            "ESAC = European Space Agency Council",
            "European Space Agency Council",
            "Where is the ESAC?",
        ),
    ],
)
def test_either_form_is_exchanged_for_the_other(
    question: str, value: str, words: str, other: str, known: Known
) -> None:
    assert asked(question, known) == [(value, words)]
    assert next(iter(readings(question, mentioned(question, known)))) == other


@pytest.mark.parametrize(
    "question",
    [
        "What does it cost?",
        "WHAT DOES IT COST?",  # capitals tell nothing
        "Who is it?",
        "Where does WHO sit, and what is AI?",  # nobody defines them
        "What does hsb do?",
        "Where is HSB-42?",
        "Where is the Harbour Safety Board Museum?",  # a longer name
        "Is the National Harbour Safety Board old?",
        "Is the harbour a safety risk for the board?",
        "Is it in the harbour? Safety board members say so.",
        "What do research, development and sales cost?",
        "Does the Harbour Safety Board (HSB) meet?",  # both forms are there
    ],
)
def test_words_that_may_mean_something_else_are_no_acronym(question: str, known: Known) -> None:
    assert asked(question, known) == []


def test_an_acronym_of_two_names_is_read_as_both_the_usual_one_first(known: Known) -> None:
    assert [value for value, _ in asked("Where is the HB?", known)] == ["HB = Hill Bank", "HB = Harbour Board"]
    assert [value for value, _ in asked("Where is the Hill Bank?", known)] == ["HB = Hill Bank"]
    assert len(mentioned("HB HSB IT UAV BDS", known)) == 3


@pytest.fixture(scope="module", params=["builds", pytest.param("database", marks=pytest.mark.slow)])
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A collection in which an article defines names that others use in short or in full, in each store."""
    base = tmp_path_factory.mktemp("port")
    front = "---\ngroups: {}\n---\n"
    texts = {
        "bodies.md": front.format("everyone") + "One body is the Harbour Safety Board (HSB), which has a seal.",
        "ladders.md": front.format("everyone") + "The HSB inspects each ladder twice a year.",
        "lorries.md": front.format("everyone") + "No lorry may pass the gate.",
        "secret.md": front.format("chiefs") + "The Gull Rescue Crew (GRC) bought a juggernaut.",
        ".synonyms": "lorry, truck\nhauler = juggernaut\n",
    }
    build(write_articles(base / "articles", texts), base / "index", IDENTITY, load=HashingEncoder)
    if request.param == "builds":
        return searcher_of(base / "index")
    server: Server = request.getfixturevalue("postgres")
    database, store = open_location(server.database()), open_location(base / "index").open()
    database.replace(store.encoded(), store.manifest)
    return Searcher(database.open(), HashingEncoder(IDENTITY))


def chips(answer: Answer) -> list[str]:
    return [mention.key for mention in answer.preferences]


def first(answer: Answer) -> str:
    return (answer.citations or answer.closest)[0].article


def test_the_long_form_finds_the_fact_stated_with_the_acronym_before_the_definition(port: Searcher) -> None:
    answer = answer_to(port, "What does the Harbour Safety Board do with a ladder?")
    assert (first(answer), chips(answer)) == ("ladders", ["acronym:HSB = Harbour Safety Board"])
    assert answer.absent == ()


def test_a_chip_that_is_taken_off_leaves_the_words_as_they_are(port: Searcher) -> None:
    question, key = "What does the Harbour Safety Board do?", "acronym:HSB = Harbour Safety Board"
    answer = answer_to(port, question, ignore=[key])
    assert (first(answer), chips(answer)) == ("bodies", [])


def test_a_synonym_of_the_owner_finds_the_other_word(port: Searcher) -> None:
    answer = answer_to(port, "May a truck pass?")
    assert (first(answer), chips(answer)) == ("lorries", ["acronym:lorry = truck"])


def test_acronyms_and_synonyms_tell_nothing_of_articles_that_a_person_may_not_see(port: Searcher) -> None:
    whole = Collection.of(port)
    questions = ("What does the GRC buy?", "Where is a hauler?", "What does the HSB do?")
    seen = {
        group: [len(mentioned(question, whole.seen_by(frozenset([group])).known())) for question in questions]
        for group in ("chiefs", "staff")
    }
    assert seen == {"chiefs": [1, 1, 1], "staff": [0, 0, 1]}


def test_a_passage_fits_with_either_form(port: Searcher) -> None:
    known = Collection.of(port).known(date(2026, 1, 1))
    (mention,) = mentioned("What does the HSB do?", known)
    fitting = {
        name: WAYS["acronym"].fits(hit.passage, mention, known)
        for hit in port.fused(Question("What does the HSB do with a lorry?"), 5)
        for name in [hit.passage.article.id]
    }
    assert fitting == {"bodies": True, "ladders": True, "lorries": False, "secret": False}
