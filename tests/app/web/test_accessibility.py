"""Pages that assistive technology can use: axe-core in light and dark, names, live regions."""

from typing import Literal
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.portals import Portals, ask, opened

pytest_plugins = ["tests.portals"]

REFUSED = "Which orchestra toured Portugal in 1901?"
QUOTED = "/articles/funding/venture-capital-guidance-fund?start=262&end=690&mark=314-428"


@pytest.fixture(params=["light", "dark"])
def lit(request: pytest.FixtureRequest, page: Page) -> Page:
    """A page in each colour scheme."""
    page.emulate_media(color_scheme=request.param)
    return page


def test_axe_sees_into_the_shadow_root(page: Page, portals: Portals) -> None:
    page.goto(portals.page())
    page.locator(".open").evaluate("(button) => button.replaceChildren()")
    assert [found.partition(":")[0] for found in violations(page)] == ["button-name"]


def test_the_widget_has_no_violation_closed_open_or_after_an_answer(lit: Page, portals: Portals) -> None:
    address = portals.page("", "data-target=#find", body="<div id=find></div>")
    lit.goto(address)
    assert violations(lit) == []
    chat = opened(lit, address)
    lit.wait_for_function("document.getAnimations({ subtree: true }).length === 0")
    assert (violations(lit), violations(lit.frames[1])) == ([], [])
    ask(chat)
    assert violations(lit.frames[1]) == []


def test_the_note_of_a_refused_portal_has_no_violation(lit: Page, portals: Portals) -> None:
    lit.goto(portals.page("data-open", listed=False))
    expect(lit.get_by_role("alert")).to_be_visible()
    assert violations(lit) == []


def test_the_chat_has_no_violation_empty_answering_or_refusing(lit: Page, portals: Portals) -> None:
    lit.goto(f"{portals.chat}/?page_url=http://portal.example/funding/")
    expect(lit.get_by_role("checkbox")).to_be_visible()
    lit.locator("#question textarea").wait_for()
    assert violations(lit) == []
    lit.locator("#question textarea").press_sequentially("fund")
    lit.get_by_role("option").first.wait_for()
    lit.keyboard.press("ArrowDown")
    assert violations(lit) == []
    ask(lit)
    lit.locator(".next .example").first.wait_for()
    lit.locator(".card .sources summary").first.click()
    lit.get_by_text("Why this passage?").first.click()
    lit.locator(".because p").first.wait_for()
    lit.locator("#filters summary").click()
    lit.get_by_label("From").fill("2025-01-01")
    assert violations(lit) == []
    lit.locator("#filters").get_by_role("button", name="Clear").click()
    lit.locator("#question textarea").fill("And when?")
    lit.get_by_role("button", name="Ask", exact=True).click()
    lit.get_by_role("button", name="Leave out: Read after").click()
    lit.get_by_role("button", name="Take back: Read alone").wait_for()
    assert violations(lit) == []
    lit.goto(f"{portals.chat}/?q=hello")
    lit.locator("#chat .example").first.wait_for()
    assert violations(lit) == []
    lit.goto(f"{portals.chat}/?q={quote_plus(REFUSED)}")
    lit.get_by_text("Closest passages").click()
    assert violations(lit) == []


@pytest.mark.parametrize(
    "path", ["/demo", "/demo?section=funding&opened=1", "/articles", "/articles/none", "/api/v1/docs", QUOTED]
)
@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "zh")])
def test_the_other_pages_have_no_violation(
    page: Page, portals: Portals, path: str, scheme: Literal["light", "dark"], language: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    sign = "&" if "?" in path else "?"
    page.goto(f"{portals.chat}{path}{sign}language={language}", wait_until="networkidle")
    assert violations(page) == []


def test_answers_arrive_in_a_live_region_and_every_control_has_a_name(page: Page, portals: Portals) -> None:
    page.goto(f"{portals.chat}/?page_url=http://portal.example/funding/")
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "off")  # what is worth hearing is said by a line of its own
    for role, name in (
        ("textbox", "Your question"),
        ("button", "Ask"),
        ("link", "All articles"),
        ("checkbox", "Search “funding” first"),
        ("heading", "Citewell"),
    ):
        expect(page.get_by_role(role, name=name, exact=role == "button")).to_be_visible()  # type: ignore[arg-type]
    ask(page)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.locator("#heard[role=status]")).to_contain_text("120")
    names = page.locator("button:visible, a:visible, summary:visible, textarea:visible").evaluate_all(
        "(all) => all.map((one) => (one.ariaLabel || one.title || one.innerText || one.labels?.[0]?.innerText)?.trim())"
    )
    assert [name for name in names if not name] == []


def test_the_widget_names_its_dialog_its_frame_and_its_state(page: Page, portals: Portals) -> None:
    page.goto(portals.page())
    button = page.locator(".open")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(page.get_by_role("dialog", name="Ask the articles")).to_have_attribute("aria-modal", "false")
    expect(page.locator("iframe")).to_have_attribute("title", "Ask the articles")
    expect(button).to_have_attribute("aria-expanded", "true")
