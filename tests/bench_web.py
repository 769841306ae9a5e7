"""Weight and speed of the pages in a real browser, and the cost of receipts: make bench-web."""

import argparse
import json
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from index.cli.runner import add_reader
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.reading.freshness import Freshness
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import PROJECT
from tests.serving import chromium, served

_MOST = 350  # KB that a page may transfer
_QUESTIONS = 30
_CONVERSATION = 5  # questions in a row
_PAGES = {"chat": "/", "demo, widget closed": "/demo", "demo, widget open": "/demo?opened=1", "articles": "/articles"}


def main() -> None:
    """Build, serve, measure and print two tables in Markdown."""
    parser = argparse.ArgumentParser("python -m tests.bench_web", description="Weigh and time the pages.")
    add_reader(parser)
    reader = parser.parse_args().reader
    with tempfile.TemporaryDirectory() as folder:
        build(PROJECT / "source_texts", Path(folder), identify(DEFAULT_MODEL))
        with served(Path(folder), {"CHAT_READER": reader}) as address, chromium() as browser:
            _print_weights(browser, address)
            _print_times(browser, address)
        _print_receipts(Searcher.open(open_location(folder).open()))


def _print_weights(browser: Browser, address: str) -> None:
    print("| page | cold, KB transferred | requests | warm, KB | cold, ms until usable | warm, ms |")
    print("|---|---|---|---|---|---|")
    for name, path in _PAGES.items():
        context = browser.new_context()
        cold, warm = (_load(context, address + path) for _ in range(2))
        if cold[0] > _MOST:
            sys.exit(f"{name} transfers {cold[0]:.0f} KB; at most {_MOST} are allowed")
        print(f"| {name} | {cold[0]:.0f} | {cold[1]} | {warm[0]:.0f} | {cold[2]:.0f} | {warm[2]:.0f} |")
        context.close()


def _load(context: BrowserContext, address: str) -> tuple[float, int, float]:
    """Kilobytes on the wire, requests, and ms until a person could type or read."""
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    start = time.perf_counter()
    page.goto(address)
    _usable(page, address)
    elapsed = time.perf_counter() - start
    page.wait_for_load_state("networkidle")
    page.close()
    return sum(sizes) / 1000, len(sizes), elapsed * 1000


def _usable(page: Page, address: str) -> None:
    if "opened" in address:
        page.frame_locator("iframe").get_by_label("Your question").wait_for()
    elif "/demo" in address:
        page.get_by_role("button", name="Ask the articles").wait_for()
    else:
        page.locator("h1").first.wait_for()


def _print_times(browser: Browser, address: str) -> None:
    """The two ways to ask take turns, each with questions that are new to the process."""
    questions = _questions()
    page = browser.new_page()
    seen = []
    for number, (shown, plain) in enumerate(zip(questions[::2], questions[1::2], strict=True)):
        if number % _CONVERSATION == 0:
            page.goto(address)
            _ask_page(page, "What is planned?")  # the first one also loads what the page needs for answers
        seen.append((_ask_page(page, shown), timed(ask_api, address, plain)))
    chat, api = ([pair[side] for pair in seen] for side in (0, 1))
    print("\n| question to answer | p50, ms | p95, ms |\n|---|---|---|")
    for name, values in (("visible in the browser", chat), ("POST /api/ask", api)):
        print(f"| {name} | {statistics.median(values):.0f} | {statistics.quantiles(values, n=20)[-1]:.0f} |")
    ratio = statistics.median(chat) / statistics.median(api)
    print(f"\nThe browser takes {ratio:.1f} times as long as the plain call ({len(seen)} questions each, in turns).")


def _print_receipts(searcher: Searcher) -> None:
    """Cost of looking at the live files of an answer's citations, beside the answer itself."""
    freshness = Freshness(searcher.manifest.folder)
    answers: list[float] = []
    looks: list[float] = []
    for question in _questions():
        start = time.perf_counter()
        hits = searcher.search(Question(question))
        found = time.perf_counter()
        states = {freshness.state(hit.passage.article) for hit in hits}
        looks.append((time.perf_counter() - found) * 1000)
        answers.append((found - start) * 1000)
        assert states == {"verified"}
    search, look = statistics.median(answers), statistics.median(looks)
    print(f"\nReceipts: {look:.2f} ms an answer, beside {search:.0f} ms of search: {look / search:.2%}.")


def _questions() -> list[str]:
    lines = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][: 2 * _QUESTIONS]


def timed(ask: Callable[[str, str], None], address: str, question: str) -> float:
    """Milliseconds that a way to ask takes."""
    start = time.perf_counter()
    ask(address, question)
    return (time.perf_counter() - start) * 1000


def _ask_page(page: Page, question: str) -> float:
    """Milliseconds from the press of the button to the picture with the answer, as the page itself sees them."""
    page.get_by_label("Your question").fill(question)
    elapsed: float = page.evaluate(
        """(question) => new Promise((done) => {
          const log = document.querySelector("#chat");
          const start = performance.now();
          new MutationObserver((_, watch) => {
            const last = [...log.querySelectorAll(".turn")].at(-1);
            if (last?.querySelector(".said").textContent !== question || last.querySelector("[aria-busy]")) return;
            watch.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
          }).observe(log, { attributes: true, childList: true, subtree: true });
          document.querySelector("#question button").click();
        })""",
        question,
    )
    return elapsed


def ask_api(address: str, question: str) -> None:
    """Ask over HTTP and read the answer."""
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{address}/api/ask", body, {"content-type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310 - our own http address
        response.read()


if __name__ == "__main__":
    main()
