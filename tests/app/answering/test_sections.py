"""Which articles belong to the page that the chat stands on."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.sections import Section, Sections
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

TITLES = {
    "HR/travel/expenses": "Travel expenses abroad",
    "HR/travel/hotels": "Hotels and trains",
    "HR/leave": "Parental leave",
    "it/laptops": "New laptops for everyone",
    "it/v1.2/printers": "Printers of the ground floor",
    "notes/annual-report": "The annual report of the council",
    "notes/report-2": "Second report of the council",
    "notes/report-3": "Third report of the council",
    "出差/酒店": "酒店和火车票",
    "plain": "Canteen menu",
}


@pytest.fixture(scope="module")
def sections(tmp_path_factory: pytest.TempPathFactory) -> Sections:
    folder = tmp_path_factory.mktemp("sections")
    articles = {f"{name}.md": f"# {title}\n\nThe text of {name}." for name, title in TITLES.items()}
    build(write_articles(folder / "articles", articles), folder / "index", IDENTITY, load=HashingEncoder)
    return Sections(searcher_of(folder / "index").articles)


TRAVEL = Section("travel", frozenset({"HR/travel/expenses", "HR/travel/hotels"}))
HR = Section("HR", TRAVEL.articles | {"HR/leave"})
TRIPS = Section("出差", frozenset({"出差/酒店"}))


@pytest.mark.parametrize(
    ("address", "section"),
    [
        ("https://portal.example/HR/travel/", TRAVEL),
        ("https://portal.example/HR/travel/index.html", TRAVEL),
        ("https://portal.example/hr/TRAVEL/x/y?HR=1#HR", TRAVEL),
        ("/HR/", HR),
        ("HR", HR),
        ("/HR.html", HR),
        ("https://portal.example/travel/hr/", HR),
        ("https://portal.example/%E5%87%BA%E5%B7%AE/", TRIPS),
        ("https://portal.example/出差/", TRIPS),
        ("/it/v1.2/floor.html", Section("v1.2", frozenset({"it/v1.2/printers"}))),
    ],
)
def test_the_last_part_of_an_address_that_is_a_folder_decides(
    address: str, section: Section, sections: Sections
) -> None:
    assert sections.of_page(address, "The annual report of the council") == section


@pytest.mark.parametrize(
    ("address", "title", "section"),
    [
        ("", "Expenses of travel abroad", Section("Expenses of travel abroad", frozenset({"HR/travel/expenses"}))),
        ("/parental-leave.aspx", "", Section("parental-leave", frozenset({"HR/leave"}))),
        ("/news/parental_leave", "", Section("parental_leave", frozenset({"HR/leave"}))),
        ("", "Canteen", Section("Canteen", frozenset({"plain"}))),
        ("", " Canteen \n menu ", Section("Canteen menu", frozenset({"plain"}))),
        ("/canteen", "Laptops", None),
        ("", "酒店", Section("酒店", frozenset({"出差/酒店"}))),
    ],
)
def test_else_articles_that_share_the_words_of_title_and_address(
    address: str, title: str, section: Section | None, sections: Sections
) -> None:
    assert sections.of_page(address, title) == section


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("", ""),
        ("", "   "),
        ("/", ""),
        ("https://portal.example/", ""),
        ("https://HR/", ""),
        ("https://portal.example/?q=HR#travel", ""),
        ("", "The report of the council"),  # in too many articles to tell anything
        ("", "Nothing that any article says"),
        ("http://[bad", ""),
        ("../../..", ""),
        ("%00%ff", "\x00\ud800"),
        ("x" * 100_000, "y " * 100_000),
    ],
)
def test_a_page_that_points_at_nothing_has_no_section(address: str, title: str, sections: Sections) -> None:
    assert sections.of_page(address, title) is None


def test_words_beyond_the_first_500_characters_are_not_read(sections: Sections) -> None:
    assert sections.of_page("", "x" * 500 + " Canteen") is None
    found = sections.of_page("", "Canteen " + "x" * 500)
    assert found is not None
    assert found.name == f"Canteen {'x' * 72}"


def test_a_folder_of_everything_is_no_section(tmp_path: Path) -> None:
    articles = {"all/a.md": "# Bees\n\nBees fly.", "all/b.md": "# Tea\n\nTea is green."}
    build(write_articles(tmp_path / "articles", articles), tmp_path / "index", IDENTITY, load=HashingEncoder)
    sections = Sections(searcher_of(tmp_path / "index").articles)
    assert sections.of_page("/all/", "") is None
    assert sections.of_page("", "Bees") == Section("Bees", frozenset({"all/a"}))


def test_folders_are_listed_in_order_of_name(sections: Sections) -> None:
    assert [section.name for section in sections.folders()] == ["HR", "it", "notes", "travel", "v1.2", "出差"]
    assert sections.folders()[0] == HR


@settings(max_examples=200)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_page_has_a_section_of_real_articles_or_none(sections: Sections, address: str, title: str) -> None:
    found = sections.of_page(address, title)
    if found is not None:
        assert found.articles < set(TITLES)
        assert found.articles
        assert 0 < len(found.name) <= 80
