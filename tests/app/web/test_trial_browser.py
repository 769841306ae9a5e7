"""A visitor's own files in a real browser: dropped or chosen, read, asked at once, and deleted by one press."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.axe import violations
from tests.files import pdf
from tests.serving import served

TEA = "# Tea\n\nOolong tea is partly oxidised. It is steeped at 90 degrees for three minutes.\n"
LOCKED = pdf([["The harbour was dredged."]], locked=True)
SIZES = [(1280, 800), (390, 844), (640, 400)]


@pytest.fixture(scope="module")
def address(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The chat below a path, by two workers, with a temporary folder of its own."""
    temporary = str(tmp_path_factory.mktemp("temporary"))
    variables = {"CHAT_UPLOAD": "1", "CHAT_PATH": "/tools/ask", "CHAT_WORKERS": "2", "TMPDIR": temporary}
    with served(project_root, variables) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(locale="en-GB")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url) if "127.0.0.1" not in request.url else None)
    yield page
    page.close()
    assert problems == []


def choose(page: Page, address: str, files: dict[str, bytes]) -> None:
    page.goto(f"{address}/try")
    put(page, files)


def put(page: Page, files: dict[str, bytes]) -> None:
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files.items()
    ]
    page.get_by_label("Choose files, or drop them here").set_input_files(payloads)


def narrow(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))


def test_chosen_files_are_asked_at_once_and_deleted_by_one_press(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    expect(page.get_by_role("link", name="Try your own files")).to_have_attribute("href", "/tools/ask/try")
    choose(page, address, {"tea.md": TEA.encode(), "locked.pdf": LOCKED})
    expect(page.get_by_text("You can ask the files now.")).to_be_visible()
    assert re.fullmatch(r"#[\w-]{32}", page.evaluate("location.hash"))
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Not read: encrypted: it opens with a password only. Save it without one")
    expect(rows.nth(2)).to_contain_text(re.compile(r"^tea\.md68670skipped 1"))
    expect(page.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    ask = page.get_by_role("link", name="Ask these files")
    expect(ask).to_be_focused()
    page.reload()
    expect(ask).to_be_focused()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    ask.click()
    expect(page.locator("#start")).to_contain_text("Ask one article.")
    expect(page.get_by_text("You are asking your own files. They are deleted at")).to_be_visible()
    box = page.get_by_label("Your question")
    box.fill("At how many degrees is oolong tea steeped?")
    box.press("Enter")
    expect(page.locator("#chat .lead")).to_contain_text("90 degrees")
    page.locator("#chat .why summary").click()
    expect(page.locator("#chat .because")).to_contain_text("degrees")
    assert violations(page) == []
    expect(page).to_have_url(re.compile(r"/tools/ask/\?try="))
    link = page.locator("#chat .open").get_attribute("href") or ""
    page.get_by_role("button", name="Delete them now").click()
    page.wait_for_url(f"{address}/try")
    gone = page.goto(f"{address.removesuffix('/tools/ask')}{link}")
    assert gone is not None
    assert gone.status == 410
    expect(page.get_by_text("These files are not here any more.")).to_be_visible()
    assert violations(page) == []


def test_dropped_files_that_cannot_be_read_say_why_and_others_can_follow(page: Page, address: str) -> None:
    page.goto(f"{address}/try")
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "locked.pdf"));
            dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
        }""",
        list(LOCKED),
    )
    expect(page.get_by_text("None of the files could be read. The table says why.")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("Not read: encrypted")
    expect(page.get_by_role("link", name="Ask these files")).to_be_hidden()
    page.get_by_role("button", name="Delete them now").click()
    expect(page.get_by_text("The files are deleted.")).to_be_visible()
    expect(page.get_by_label("Choose files, or drop them here")).to_be_focused()
    put(page, {f"{number}.md": b"a" for number in range(21)})
    expect(page.get_by_text("At most 20 files are taken. Choose fewer.")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_every_screen(page: Page, address: str, size: tuple[int, int]) -> None:
    narrow(page, size)
    choose(page, address, {"a name of some length for a file about tea.md": TEA.encode()})
    expect(page.get_by_text("You can ask the files now.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert violations(page) == []
    page.get_by_role("link", name="Ask these files").click()
    page.get_by_label("Your question").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_role("button", name="Delete them now").click()
    page.wait_for_url(f"{address}/try")
