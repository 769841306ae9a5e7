"""The owner's pages in a browser: no violation, forms that a real browser may send, plots, print; and the report."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.log.question_log import QuestionLog
from eval.arguments import CHAT
from eval.report import report_html
from eval.results import Setting, summary
from tests.axe import violations
from tests.eval.test_report import OUTCOMES
from tests.serving import served


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log."""
    base = tmp_path_factory.mktemp("owner")
    log = QuestionLog(base / "log", 90)
    for question, verdict in (("Is lunar soil dry?", "answer"), ("Where do bees sleep?", "none"), ("Tea <b>?", "none")):
        token = log.add(
            question, verdict=verdict, articles=["moon"], build="b", milliseconds=40, language="en", filters={}
        )
    assert log.feedback(token, helpful=False)
    log.close()
    return base


@pytest.fixture(scope="module")
def address(real_root: Path, base: Path) -> Iterator[str]:
    """The address of a chat with the log."""
    env = {"CHAT_LOG": str(base / "log"), "CHAT_TESTS": str(base / "tests.jsonl"), "CHAT_PATH": "/ask"}
    with served(real_root, env) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def lit(request: pytest.FixtureRequest, page: Page) -> Page:
    """A page in each colour scheme, in which nothing fails."""
    page.emulate_media(color_scheme=request.param)
    return page


@pytest.fixture
def page(browser: object) -> Iterator[Page]:
    page: Page = browser.new_page()  # type: ignore[attr-defined]
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert problems == []


def test_no_page_has_a_violation(lit: Page, address: str) -> None:
    lit.goto(f"{address}/owner")
    assert violations(lit) == []
    assert lit.locator("figure img").evaluate_all("(all) => all.map((one) => one.naturalWidth > 100)") == [True, True]
    assert lit.evaluate("document.querySelectorAll('b, script').length") == 0
    lit.goto(f"{address}/owner?verdict=none")
    assert violations(lit) == []
    lit.get_by_role("button", name="Where do bees sleep?").click()
    expect(lit.get_by_role("heading", level=1)).to_have_text("Where do bees sleep?")
    assert violations(lit) == []


def test_a_question_becomes_a_test_by_keyboard_and_fits_a_phone_and_paper(page: Page, address: str, base: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{address}/owner")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print")
    expect(page.locator("form[role=search]")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_label("Question", exact=True).fill("How many flowers does a bee visit?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="The chosen sentence answers").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("How many flowers does a bee visit?")
    page.get_by_label("A honey bee visits about 2,000 flowers a day.").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="The chosen sentence answers").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("as asked-001")
    assert violations(page) == []
    [line] = (base / "tests.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["gold"][0][0]["quote"] == "A honey bee visits about 2,000 flowers a day."


def test_the_report_sorts_and_narrows(page: Page, tmp_path: Path) -> None:
    result = summary(OUTCOMES, Setting("questions.jsonl", "b", "e", "2026-01-01"))
    (tmp_path / "index.html").write_text(report_html({**result, "outcomes": OUTCOMES}, CHAT), "utf-8")
    page.goto(f"file://{tmp_path}/index.html")
    right = page.locator("details", has_text="Right 2")
    right.locator("summary").click()
    names = right.locator("tbody tr td:first-child .quiet")
    expect(names).to_have_text(["q1", "n1"])
    right.get_by_role("button", name="kind").click()
    right.get_by_role("button", name="kind").click()
    expect(names).to_have_text(["n1", "q1"])
    page.get_by_role("combobox", name="Kind").select_option("fact")
    expect(names.filter(visible=True)).to_have_text(["q1"])
    assert violations(page) == []
