"""One file of every format, from the question in a real browser to the sentence in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build
from tests.files import pdf, word
from tests.portals import ask
from tests.serving import served

MOON = """---
title: "The Moon: soil and seas"
publisher: "Night Sky Notes"
published: "2024-06-25"
---
Lunar soil is dry as dust. The probe Chang'e brought 1,935.3 grams of it to Earth in June 2024.
"""
BEES = """Bees in the garden

Published on: April 1, 2023

A honey bee visits about 2,000 flowers a day. Lavender feeds bees in July, ivy in October.
"""
HARBOUR = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour dredged - Tidewire</title>
<meta property="og:site_name" content="Tidewire"><meta property="og:title" content="Harbour dredged - Tidewire">
<meta property="article:published_time" content="2026-01-27T09:00:00Z"></head><body><nav>Home Ports</nav>
<article><h1>Harbour dredged</h1><p>The harbour of Velmora was dredged for the first time in a generation.</p>
<p>The port of Velmora handled 24 million tonnes of goods, the minister of ports said.</p></article></body></html>
"""
RECORDS = """{"id": "tea", "title": "Tea", "publisher": "Leaf Board", "text": "Green tea is not fermented. A tea \
bush of the Osmund estate is pruned every 42 days."}
{"id": "salt", "title": "Salt", "date": "2025-02", "text": "The salt works of Brennick boil sea water. They make \
310 tonnes of salt a year."}
"""
PAGES = [
    ["# Tramway report", "", "The tramway of Ostrey opened before the war."],
    ["The depot stands behind the old brewery."],
    ["A driver of the Ostrey tramway earns 1,480 crowns a month."],
]
TABLE = [["Orchard", "Apples"], ["Quillmere", "77 tonnes"], ["Dunhollow", "12 tonnes"]]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and what its answer must show."""

    file: str
    question: str
    title: str
    about: list[str]
    sentence: str
    led: str = ""  # what stands in large type, where it is not the sentence as it is


CASES = [
    Case(
        "moon.md",
        "How many grams of lunar soil did the probe Chang'e bring to Earth?",
        "The Moon: soil and seas",
        ["Night Sky Notes", "2024-06-25"],
        "The probe Chang'e brought 1,935.3 grams of it to Earth in June 2024.",
    ),
    Case(
        "garden bees.txt",
        "How many flowers does a honey bee visit a day?",
        "Bees in the garden",
        ["2023-04-01"],
        "A honey bee visits about 2,000 flowers a day.",
    ),
    Case(
        "harbour.html",
        "How many tonnes of goods did the port of Velmora handle?",
        "Harbour dredged",
        ["Tidewire", "2026-01-27"],
        "The port of Velmora handled 24 million tonnes of goods, the minister of ports said.",
    ),
    Case(
        "tramway.pdf",
        "How much does a driver of the Ostrey tramway earn a month?",
        "Tramway report",
        ["page 3"],
        "A driver of the Ostrey tramway earns 1,480 crowns a month.",
    ),
    Case(
        "orchards.docx",
        "How many tonnes of apples came from the Quillmere orchard?",
        "Orchards of the valley",
        [],
        "Orchard: Quillmere; Apples: 77 tonnes",
        "OrchardApplesQuillmere77 tonnes",
    ),
    Case(
        "records.jsonl",
        "How often is a tea bush of the Osmund estate pruned?",
        "Tea",
        ["Leaf Board"],
        "A tea bush of the Osmund estate is pruned every 42 days.",
    ),
    Case(
        "records.jsonl",
        "How much salt do the salt works of Brennick make a year?",
        "Salt",
        ["2025-02"],
        "They make 310 tonnes of salt a year.",
    ),
]


@pytest.fixture(scope="module")
def formats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of every format."""
    folder = tmp_path_factory.mktemp("formats") / "articles"
    folder.mkdir()
    texts = {"moon.md": MOON, "garden bees.txt": BEES, "harbour.html": HARBOUR, "records.jsonl": RECORDS}
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "tramway.pdf").write_bytes(pdf(PAGES, "Tramway report"))
    report = [("Title", "Orchards of the valley"), ("Normal", "The apples of the valley are picked in autumn.")]
    (folder / "orchards.docx").write_bytes(word(report, TABLE, "Orchards of the valley"))
    return folder


@pytest.fixture(scope="module")
def address(formats: Path) -> Iterator[str]:
    """The chat over that folder, as the real encoder reads it, with the originals to be had."""
    build(formats, formats.parent / "index", identify(DEFAULT_MODEL))
    with served(formats.parent / "index", {"CHAT_SERVE_ORIGINALS": "1"}) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(locale="en-GB")
    yield page
    page.context.close()


def first_card(page: Page, address: str, question: str) -> Locator:
    page.goto(address)
    ask(page, question)
    return page.locator("#chat .answer .card").first


def reader_of(page: Page, card: Locator) -> Page:
    with page.context.expect_page() as popup:
        card.get_by_role("link", name="Open the article here").first.click(modifiers=["ControlOrMeta"])
    return popup.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.title}")
def test_a_file_of_every_format_is_cited_opened_at_the_sentence_and_downloaded(
    page: Page, address: str, formats: Path, case: Case
) -> None:
    card = first_card(page, address, case.question)
    expect(card.locator(".title")).to_have_text(case.title)
    expect(card.locator(".about")).to_have_text(" · ".join(case.about))
    expect(card.locator(".lead")).to_have_text(case.led or case.sentence)
    expect(page.locator("#chat .receipt.verified")).to_have_text(re.compile("^Checked now: the files? still sa"))
    reader = reader_of(page, card)
    expect(reader.get_by_role("heading", level=1)).to_have_text(case.title)
    marks = [cell.partition(": ")[2] for cell in case.sentence.split("; ")] if case.led else [case.sentence]
    expect(reader.locator(".quoted mark")).to_have_text(marks)
    expect(reader.locator("mark").first).to_be_in_viewport()
    expect(reader.locator(".receipt.verified")).to_contain_text("Checked now: the file is as it was")
    pages = ["Page 1", "Page 2", "Page 3"] if case.file.endswith(".pdf") else []
    expect(reader.locator("p.page")).to_have_text(pages)
    link = reader.get_by_role("link", name="Download the file")
    if case.file.endswith(".jsonl"):  # it holds other articles, too
        expect(link).to_have_count(0)
        return
    with reader.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == case.file
    assert Path(download.value.path()).read_bytes() == (formats / case.file).read_bytes()


def test_a_file_that_is_deleted_or_altered_is_cited_no_more_and_its_old_link_says_so(
    page: Page, address: str, formats: Path
) -> None:
    moon, tramway = (case for case in CASES if case.file in ("moon.md", "tramway.pdf"))
    readers = [reader_of(page, first_card(page, address, case.question)) for case in (tramway, moon)]
    kept = {name: (formats / name).read_bytes() for name in ("tramway.pdf", "moon.md")}
    try:
        (formats / "tramway.pdf").unlink()
        (formats / "moon.md").write_bytes(kept["moon.md"].replace(b"1,935.3", b"1,935.4"))
        for case in (tramway, moon):
            first_card(page, address, case.question)
            expect(page.locator("#chat .answer").get_by_text(case.title)).to_have_count(0)
        gone, changed = (reader.reload() for reader in readers)
        assert [gone and gone.status, changed and changed.status] == [410, 200]
        expect(readers[0].get_by_role("heading", level=1)).to_have_text("This article is gone")
        expect(readers[1].locator(".receipt.changed")).to_have_text(
            "The file has changed since it was indexed. This is the text as it was."
        )
        expect(readers[1].get_by_role("link", name="Download the file")).to_have_count(0)
    finally:
        for name, raw in kept.items():
            (formats / name).write_bytes(raw)
    first_card(page, address, tramway.question)
    expect(page.locator("#chat .receipt.verified")).to_be_visible()
