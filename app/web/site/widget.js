// The chat on any page, by one script tag: a button that opens it in a panel, or a search box in the page.
// Everything lives in a shadow root; nothing is stored, and nothing is loaded before the first use.
((TEXTS) => {
  const script = document.currentScript;
  const home = new URL(".", script.src);
  const given = script.dataset;
  const wait = 15000; // ms until a silent frame counts as failed,
  const grace = 2000; // and after something has been loaded into it
  const theme = ["light", "dark"].includes(given.theme) ? given.theme : "";
  const small = "(max-width: 600px), (max-height: 480px)";

  const languages = given.language ? [given.language] : navigator.languages || [];
  const code = languages.map((name) => name.toLowerCase().split("-")[0]).find((name) => Object.hasOwn(TEXTS, name)) || "en";
  const text = TEXTS[code];
  const label = given.label || text.open;

  const address = (question) => {
    const url = new URL(home);
    const query = { q: question, page_url: given.pageUrl?.slice(0, 500), page_title: given.pageTitle?.slice(0, 500) };
    if (given.language) query.language = code;
    query.__theme = theme;
    for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value.slice(0, 2000));
    return url.href;
  };

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // 1 on an accent on which white reads better than black: y is the relative luminance of WCAG.
  const white = "clamp(0, (0.179 - y) * 1000000, 1)";
  const CSS = `
:host { all: initial; display: block; color-scheme: light dark; --paper: light-dark(#fff, #14171d);
  --ink: light-dark(#1d2330, #e7ebf2); --line: light-dark(#8a94a6, #6b7688); --accent: var(--given, #2457c5);
  --on: color(from var(--accent) xyz-d65 calc(0.95 * ${white}) ${white} calc(1.09 * ${white})); }
:host([place=left]), :host([place=right]) { position: fixed; z-index: 2147483000; }
* { box-sizing: border-box; font: 16px/1.4 system-ui, sans-serif; }
button, input { min-height: 44px; padding: 0 14px; border: 1px solid var(--line); border-radius: 8px;
  color: var(--ink); background: var(--paper); }
button { cursor: pointer; }
.main { border-color: var(--accent); color: var(--on); background: var(--accent); font-weight: 600; }
button:focus-visible, a:focus-visible, input:focus-visible, iframe:focus-visible { outline: 3px solid var(--ink);
  outline-offset: 2px; box-shadow: 0 0 0 3px var(--paper); }
.open { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; min-height: 52px; max-width: calc(100vw - 40px);
  padding: 4px 20px; border-radius: 26px; box-shadow: 0 3px 14px #0005; overflow-wrap: anywhere; }
.panel { position: fixed; inset-block-end: 20px; inset-inline-end: 20px;
  width: min(440px, calc(100vw - 40px)); height: min(680px, calc(100dvh - 40px)); border-radius: 12px;
  box-shadow: 0 8px 40px #0006; animation: rise .18s ease-out; }
.left { inset-inline: 20px auto; }
[hidden] { display: none !important; }
.head { display: flex; gap: 8px; align-items: center; padding: 6px 8px 6px 14px; border-block-end: 1px solid var(--line); }
h2 { flex: 1; max-height: 2.8em; margin: 0; font-weight: 650; overflow: hidden; overflow-wrap: anywhere; }
.head a, .failed a { color: inherit; padding: 10px 6px; font-size: 14px; }
.head a, .head button { flex: none; }
iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: var(--paper); }
.failed { margin: 0; padding: 14px; }
form { display: flex; gap: 8px; }
input { flex: 1; min-width: 0; }
.below { height: 560px; margin-block-start: 10px; border-radius: 8px; }
.panel, .below { display: flex; flex-direction: column; border: 1px solid var(--line); overflow: hidden;
  color: var(--ink); background: var(--paper); }
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
@media (prefers-reduced-motion: reduce) { .panel { animation: none; } }
@media ${small} { .panel, .panel.left { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; } }
@media print { :host([place]) { display: none; } }`;

  // The shadow root of a new element in the page; null if the script has put the same one there before.
  const place = (parent, name) => {
    if ([...parent.children].some((child) => child.matches(`citewell-chat[place=${name}]`))) return null;
    const host = make("citewell-chat", { place: name, lang: code });
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // no <style> element: a portal may forbid inline styles
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    host.style.colorScheme = theme;
    const opaque = `color(from ${given.color} srgb r g b / 1)`;
    if (window.CSS.supports("color", opaque)) host.style.setProperty("--given", opaque);
    parent.append(host);
    return root;
  };

  // The frame of the chat, made when it is first needed; `heard` gets the messages of the chat.
  const frame = (parent, question, heard) => {
    const element = make("iframe", {
      title: label,
      src: address(question),
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
      referrerpolicy: "no-referrer",
    });
    const failed = make("p", { class: "failed", role: "alert", hidden: "" }, `${text.failed} `, link(question));
    const fail = () => {
      clearTimeout(timer);
      failed.hidden = false;
      element.hidden = true; // it shows the browser's own error
      console.warn(`${home.href} did not open in a frame. Is ${location.origin} listed in CHAT_ALLOWED_ORIGINS?`);
    };
    let timer = setTimeout(fail, wait);
    element.addEventListener("load", () => {
      clearTimeout(timer);
      if (timer) timer = setTimeout(fail, grace);
    });
    addEventListener("message", (event) => {
      if (event.source !== element.contentWindow || event.origin !== home.origin) return;
      clearTimeout(timer);
      timer = 0;
      failed.hidden = true;
      element.hidden = false;
      heard(event.data, (word) => element.contentWindow.postMessage(word, home.origin));
    });
    parent.append(failed, element);
    return element;
  };

  const link = (question) =>
    make("a", { href: address(question), target: "_blank", rel: "noopener noreferrer" }, text.page);

  const searchBox = (target) => {
    const root = place(target, "search");
    if (!root) return;
    const input = make("input", { type: "search", maxlength: "2000", "aria-label": label, placeholder: label, required: "" });
    const form = make("form", { role: "search" }, input, make("button", { class: "main" }, text.ask));
    const below = make("div", { class: "below", hidden: "" });
    root.append(form, below);
    let shown;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      below.hidden = false;
      if (shown) shown.src = address(input.value);
      else shown = frame(below, input.value, () => {});
    });
  };

  const floatingButton = () => {
    const left = given.position === "left";
    const root = place(document.body, left ? "left" : "right");
    if (!root) return;
    const side = left ? " left" : "";
    const button = make("button", { class: `main open${side}`, type: "button", "aria-expanded": "false" }, label);
    const close = make("button", { type: "button" }, text.close);
    const edges = [0, 1].map(() => make("div", { tabindex: "0" }));
    const heading = make("h2", { id: "name" }, label);
    const panel = make("section", { class: `panel${side}`, role: "dialog", "aria-labelledby": "name", hidden: "" },
      edges[0], make("div", { class: "head" }, heading, link(), close));
    root.append(button, panel);

    let shown, tell, before;
    const enter = () => {
      shown.focus();
      if (tell) tell("citewell:focus");
    };
    const heard = (word, reply) => {
      if (word === "citewell:close") return shut();
      if (word !== "citewell:ready") return;
      tell = reply;
      if (!panel.hidden && [close, shown].includes(root.activeElement)) enter();
    };
    const open = (question) => {
      if (!shown) {
        shown = frame(panel, question, heard);
        panel.append(edges[1]);
      } else if (question) {
        tell = null; // until the new page is ready
        shown.src = address(question);
      }
      if (!panel.hidden) return;
      before = document.activeElement;
      panel.hidden = false;
      panel.setAttribute("aria-modal", String(matchMedia(small).matches));
      button.hidden = true;
      button.setAttribute("aria-expanded", "true");
      if (tell) enter();
      else close.focus();
      dispatchEvent(new CustomEvent("citewell:opened"));
    };
    const shut = () => {
      if (panel.hidden) return;
      const here = root.activeElement || document.activeElement === document.body;
      panel.hidden = true;
      button.hidden = false;
      button.setAttribute("aria-expanded", "false");
      if (here && before !== root.host) before?.focus(); // without effect if it has gone or is hidden
      if (here && (before === root.host || document.activeElement !== before)) button.focus();
      dispatchEvent(new CustomEvent("citewell:closed"));
    };

    button.addEventListener("click", () => open());
    close.addEventListener("click", shut);
    panel.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && shut());
    // Back from the first element the focus goes on to the last, and the other way round.
    edges[0].addEventListener("focus", () => (shown.hidden ? close.focus() : enter()));
    edges[1].addEventListener("focus", () => panel.querySelector("a").focus());
    addEventListener("citewell:open", (event) => open(event.detail && String(event.detail.question || "")));
    addEventListener("citewell:close", shut);
    if ("open" in given) open();
  };

  const start = () => {
    if (!given.target) return floatingButton();
    const target = document.querySelector(given.target);
    if (target) return searchBox(target);
    console.error(`widget.js: no element ${given.target} for data-target`);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})
