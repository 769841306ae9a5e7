"""Findings of axe-core on a page, for tests in a browser."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Frame, Page, expect


def violations(where: Page | Frame, within: str | None = None) -> list[str]:
    """Broken rules of accessibility, each with its element; `within` narrows a page to a selector's element.

    Waits for the whole page: an answer shows before Gradio has drawn what surrounds it.
    """
    if where.locator("gradio-app").count():
        expect(where.locator("main")).to_have_count(1)
        expect(where.locator("p.loading")).to_have_count(0)
    found = Axe().run(where, within).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
