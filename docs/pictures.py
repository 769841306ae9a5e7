"""Makes the pictures in docs/ from the running application: python docs/pictures.py http://127.0.0.1:7860."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).parent
QUESTION = "How many intergovernmental agreements on science cooperation had China signed by January 2026?"
OTHERS = {
    "comparison": "Compare the 14th and the 15th five-year plan",
    "refusal": "Which orchestra toured Portugal in 1901?",
}


def main(address: str) -> None:
    """Photograph chat, widget and demo page, each by day and by night, and further answers by day."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, scheme in (("", "light"), ("-dark", "dark")):
            _asked(browser, scheme, f"{address}/", QUESTION).screenshot(path=DOCS / f"chat{name}.png")
            demo = _page(browser, scheme, f"{address}/demo?section=cooperation")
            demo.screenshot(path=DOCS / f"demo{name}.png")
            demo.get_by_role("button", name="Ask the articles").click()
            frame = demo.frame_locator("iframe")
            frame.get_by_label("Your question").fill(QUESTION)
            frame.get_by_role("button", name="Ask", exact=True).click()
            frame.locator(".card").first.wait_for()
            demo.screenshot(path=DOCS / f"widget{name}.png")
        _page(browser, "light", f"{address}/").screenshot(path=DOCS / "start.png")
        for name, question in OTHERS.items():
            _asked(browser, "light", f"{address}/", question).screenshot(path=DOCS / f"{name}.png")
        wide = _asked(browser, "light", f"{address}/", QUESTION)
        wide.set_viewport_size({"width": 1400, "height": 800})
        wide.locator(".card .title").first.click()
        wide.frame_locator("#pane iframe").locator("mark").first.wait_for()
        wide.screenshot(path=DOCS / "pane.png")
        browser.close()


def _page(browser: Browser, scheme: str, address: str) -> Page:
    context = browser.new_context(viewport={"width": 1000, "height": 720}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def _asked(browser: Browser, scheme: str, address: str, question: str) -> Page:
    """The chat with a question answered."""
    page = _page(browser, scheme, address)
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#chat .answer").first.wait_for()
    return page


if __name__ == "__main__":
    main(sys.argv[1])
