"""The page of an article says where and when its text was fetched, or when its file last changed."""

from dataclasses import replace
from pathlib import Path

from app.web.article_page import Link, article_page
from index.reading.folder import read_folder
from index.reading.places.mirror import Mirror, Page
from tests.app.web.test_article_page import SITE
from tests.app.web.test_article_page_states import giver, notice
from tests.conftest import write_articles


def test_a_fetched_page_leads_to_its_address_and_names_the_day(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "intranet.example", {"tea.html": "<p>Tea is a drink of leaves and water.</p>"})
    page = Page("https://intranet.example/tea", "2026-01-02")
    Mirror(folder, ("https://intranet.example/",), pages={"tea.html": page}).write()
    shown = giver(folder, tmp_path / "index").get("/articles/intranet.example/tea.html").text
    assert notice(shown)[1].startswith("The page as fetched on 2026-01-02. It may have changed since.")
    assert 'href="https://intranet.example/tea"' in shown


def test_the_day_of_a_commit_is_said_to_be_one_and_copied_with_a_quote(tmp_path: Path) -> None:
    article = read_folder(write_articles(tmp_path, {"tea.md": "Tea is a drink.\n"})).articles[0]
    page = article_page(replace(article, changed="2025-03-01"), SITE, Link("0", "15"), "verified")
    assert " · last changed 2025-03-01 (git)" in page
    assert 'data-about="tea, last changed 2025-03-01 (git)"' in page
