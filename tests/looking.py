"""Content and deeds of a page, as a real browser sees it, for tests of hostile texts."""

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Dialog, Request

OURS = {
    *("html", "head", "meta", "title", "link", "script", "body", "header", "a", "nav", "main", "h1", "h2", "p", "bdi"),
    *("time", "button", "span", "article", "ul", "ol", "li", "pre", "br", "mark", "section", "form", "label", "input"),
    *("div", "code", "table", "thead", "tbody", "tr", "th", "td", "citewell-chat"),
}
CARD = {
    *(
        "section",
        "article",
        "header",
        "span",
        "a",
        "bdi",
        "blockquote",
        "mark",
        "strong",
        "br",
        "footer",
        "details",
        "summary",
    ),
    *("ul", "li", "p", "h3", "div", "table", "thead", "tbody", "tr", "th", "td"),
}

# Tags, the attributes that run or load something, and where the links lead.
LOOK = """(root) => {
    const all = [...root.querySelectorAll("*")];
    const of = (name) => all.filter((e) => e.hasAttribute(name)).map((e) => e.getAttribute(name));
    return {
        tags: [...new Set(all.map((e) => e.localName))],
        handlers: all.flatMap((e) => e.getAttributeNames()).filter((n) => /^on|^(style|srcdoc|srcset|ping)$/.test(n)),
        hrefs: of("href"),
        loaded: of("src"),
        wide: document.documentElement.scrollWidth - innerWidth,
    };
}"""
# The passages of an answer by their numbers; the quote is null where it is a table, or where the sentence is all of it.
CARDS = """(root) => [...root.querySelectorAll(".passage")].map((passage) => {
    const card = passage.closest(".card");
    const texts = (at, of = passage) => [...of.querySelectorAll(at)].map((e) => e.textContent);
    const links = (at) => [...passage.querySelectorAll(at)].map((e) => e.getAttribute("href"));
    const [title] = texts(".title", card), [about] = texts(".source .about", card), [number] = texts(".number");
    const whole = passage.querySelector("table") ? null : (texts("blockquote")[0] ?? null);
    const [mark] = [...texts(".lead"), ...texts("mark")];
    return { number: Number(number), title, about, quote: whole, mark, links: links("footer > a"),
      sources: texts(".sources li"), addresses: links(".sources a") };
}).sort((one, other) => one.number - other.number)"""
TEXTS = "(elements) => elements.map((e) => e.textContent)"
# Whether the last four digits of the element's first date stand from left to right.
RUNS_FORWARD = r"""(root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const at = walker.currentNode.data.search(/\d{4}(-\d\d-\d\d)?$/);
        if (at < 0) continue;
        const left = (i) => {
            const range = new Range();
            range.setStart(walker.currentNode, i);
            range.setEnd(walker.currentNode, i + 1);
            return range.getBoundingClientRect().left;
        };
        return left(at) < left(at + 3);
    }
}"""


@dataclass  # without slots: Playwright marks whose methods it is given
class Watch:
    """Forbidden deeds of a page."""

    site: str
    seen: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:image/", "blob:")):
            self.seen.append(f"request to {request.url}")

    def dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"console: {message.text}")
