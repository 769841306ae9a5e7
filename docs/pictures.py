"""Makes the pictures in docs/ from the running application: python docs/pictures.py http://127.0.0.1:7860."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parent
QUESTION = "How many intergovernmental agreements on science cooperation had China signed by January 2026?"


def main(address: str) -> None:
    """Ask one question, and photograph the answer."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 720}, device_scale_factor=1.5)
        page.goto(address)
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator(".card").first.wait_for()
        page.screenshot(path=DOCS / "chat.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
