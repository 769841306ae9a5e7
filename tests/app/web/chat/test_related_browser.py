"""Related passages in a real browser: the warning comes first, and the passages work as citations do."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.answering.calibration import Calibration, write_calibration
from app.answering.decision import Rule
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.address import open_location
from tests.axe import violations
from tests.serving import served

WARNING = "The articles may not answer this. The nearest passages:"
RELATED = Rule(bias=-1, sentence=0, coverage=0, missing=0, related=-2)
WITHIN_ITS_PARENTS = """(element) => {
  const { top, bottom } = element.getBoundingClientRect();
  for (let parent = element.parentElement; parent !== document.body; parent = parent.parentElement) {
    const box = parent.getBoundingClientRect();
    const clips = getComputedStyle(parent).overflowY !== "visible";
    if (clips && (top < box.top || bottom > box.bottom)) return false;
  }
  return true;
}"""


@pytest.fixture(scope="module")
def address(real_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The chat over three articles with a rule by which any passages are related."""
    root = tmp_path_factory.mktemp("related") / "index"
    shutil.copytree(real_root, root)
    calibration = Calibration(RELATED, "2024-06-25", 30, 10, 30, 0.9)
    write_calibration(open_location(root), identify(DEFAULT_MODEL), calibration)
    with served(root) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_warning_stands_before_open_passages_on_the_screen_for_a_screen_reader_and_on_paper(
    browser: Browser, address: str, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}/?q=What+feeds+bees+in+July%3F")
    cards = page.locator(".card:visible")
    expect(cards).to_have_count(3)
    expect(page.get_by_role("log").get_by_role("paragraph").filter(has_text=WARNING)).to_be_in_viewport()
    assert page.locator("#chat .answer").inner_text().startswith(WARNING)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    cards.first.get_by_text("Why this passage?").click()
    expect(cards.first.locator(".because .words bdi").first).to_be_visible()
    assert violations(page) == []
    with page.context.expect_page() as opened:
        cards.first.get_by_role("link", name="Open the article here").click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator("mark").first).to_have_text("Lavender feeds bees in July.")
    page.emulate_media(media="print")
    assert [part.evaluate(WITHIN_ITS_PARENTS) for part in (page.locator("#chat").get_by_text(WARNING), cards.last)] == [
        True,
        True,
    ]
    assert page.locator(".no-answer").evaluate("(warning) => getComputedStyle(warning).breakAfter") == "avoid"
    page.close()
