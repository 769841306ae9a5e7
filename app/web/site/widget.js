// The chat on any page, by one script tag: a button that opens it in a panel, or a search box in the page; or as the
// element <citewell-chat>. All is in a shadow root; nothing is stored, and nothing is loaded before the first use.
((TEXTS, CSS) => {
  const script = document.currentScript;
  const home = new URL(".", script.src);
  const wait = 15000; // ms until a silent frame counts as failed,
  const grace = 2000; // and after something has been loaded into it
  const small = "(max-width: 600px), (max-height: 480px)";
  const least = { width: 320, height: 360 }; // of the panel
  const longest = 7000; // of an address: servers refuse longer ones

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // A combination such as "ctrl+shift+k". One of Ctrl, Alt and Meta is needed, so that nobody types it.
  const MODIFIERS = { ctrl: "Control", alt: "Alt", shift: "Shift", meta: "Meta" };
  const hotkey = (keys) => {
    const parts = keys.toLowerCase().split("+").map((part) => part.trim());
    const key = parts.pop();
    const known = parts.every((part) => Object.hasOwn(MODIFIERS, part)) && parts.some((part) => part !== "shift");
    if (!known || !/^([a-z0-9]|f[0-9]{1,2})$/.test(key)) return null;
    // With Alt some systems type another letter.
    const isKey = ({ key: typed, altKey, code }) =>
      typed?.toLowerCase() === key || (altKey && code === `Key${key.toUpperCase()}`);
    const held = (event) => Object.keys(MODIFIERS).every((part) => event[`${part}Key`] === parts.includes(part));
    const name = [...parts.map((part) => MODIFIERS[part]), key.toUpperCase()].join("+");
    return { name, pressed: (event) => isKey(event) && held(event) };
  };

  // The chat with the wishes `given`, at a place, in `root`: the shadow root of its element.
  const chat = (given, place, code, root) => {
    const text = TEXTS[code];
    const label = given.label || text.open;
    const title = given.title || label;
    // A listener of the page that rests while the element is not in it.
    const on = (name, act) => addEventListener(name, (event) => root.host.isConnected && act(event));
    // The portal's colour as six hexadecimal digits; empty for none.
    const color = () => {
      const shown = getComputedStyle(root.querySelector(".main")).backgroundColor;
      const parts = /^color\(srgb (\S+) (\S+) (\S+)\)$/.exec(shown)?.slice(1) ?? [];
      const bytes = parts.map((part) => Math.round(255 * Math.min(1, Math.max(0, part))));
      return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    };

    const address = (question) => {
      const url = new URL(home);
      const add = (name, value, most) => {
        const before = url.search;
        if (value?.trim()) url.searchParams.append(name, value.trim().slice(0, most));
        if (url.href.length > longest && name !== "q") url.search = before;
      };
      add("q", question, 2000);
      add("page_url", given.pageUrl, 500);
      add("page_title", given.pageTitle, 500);
      if (given.language) add("language", code);
      if (["light", "dark"].includes(given.theme)) add("__theme", given.theme);
      add("color", color());
      add("greeting", given.greeting, 200);
      for (const each of (given.suggestions ?? "").split("|").slice(0, 4)) add("suggestion", each, 200);
      return url.href;
    };

    // The frame of the chat, made when it is first needed; `heard` gets the messages of the chat.
    const frame = (parent, question, heard) => {
      const element = make("iframe", {
        title,
        src: address(question),
        sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
        allow: "clipboard-write",
        referrerpolicy: "no-referrer",
      });
      const link = make("a", { href: element.src, target: "_blank", rel: "noopener noreferrer" }, text.page);
      const said = text.failed.replace("{portal}", () => location.origin);
      const failed = make("p", { class: "failed", role: "alert", hidden: "" }, `${said} `, link);
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
      on("message", (event) => {
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
    const searchBox = () => {
      const input = make("input", { type: "search", maxlength: "2000", required: "", "aria-label": label });
      input.placeholder = label;
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
    const floatingButton = (left) => {
      const side = left ? " left" : "";
      const button = make("button", { class: `main open${side}`, type: "button", "aria-expanded": "false" }, label);
      const close = make("button", { type: "button" }, text.close);
      const grip = make("button", { class: "grip", type: "button", "aria-label": text.resize }, left ? "⤢" : "⤡");
      const edges = [0, 1].map(() => make("div", { tabindex: "0" }));
      const panel = make("section", { class: `panel${side}`, role: "dialog", "aria-labelledby": "name", hidden: "" },
        edges[0], make("div", { class: "head" }, grip, make("h2", { id: "name" }, title), close));
      root.append(button, panel);

      let shown, tell, before, watcher;
      const toggle = (isOpen) => {
        [panel.hidden, button.hidden] = [!isOpen, isOpen];
        button.setAttribute("aria-expanded", String(isOpen));
      };
      const enter = () => {
        shown.focus();
        tell?.("citewell:focus");
      };
      const size = (width, height) => {
        const most = { width: innerWidth - 40, height: innerHeight - 40 };
        for (const [name, wanted] of Object.entries({ width, height }))
          panel.style.setProperty(`--${name}`, `${Math.round(Math.min(most[name], Math.max(least[name], wanted)))}px`);
      };
      // The chat keeps the size in its own storage, if it may.
      const keep = () => tell?.(`citewell:size ${Math.round(panel.offsetWidth)} ${Math.round(panel.offsetHeight)}`);
      const heard = (word, reply) => {
        if (word === "citewell:close") return shut();
        const kept = /^citewell:size (\d{3,4}) (\d{3,4})$/.exec(word);
        if (kept) return size(...kept.slice(1).map(Number));
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
        toggle(true);
        const covers = matchMedia(small).matches; // then the back button of a phone closes it, where the browser tells
        panel.setAttribute("aria-modal", String(covers));
        if (covers && window.CloseWatcher) (watcher = new CloseWatcher()).onclose = shut;
        tell ? enter() : close.focus();
        dispatchEvent(new CustomEvent("citewell:opened"));
      };
      const shut = () => {
        if (panel.hidden) return;
        const here = root.activeElement || document.activeElement === document.body;
        toggle(false);
        watcher?.destroy();
        if (here && before !== root.host) before?.focus(); // without effect if it has gone or is hidden
        if (here && (before === root.host || document.activeElement !== before)) button.focus();
        dispatchEvent(new CustomEvent("citewell:closed"));
      };
      button.addEventListener("click", () => open());
      close.addEventListener("click", shut);
      panel.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && shut());
      grip.addEventListener("keydown", (event) => {
        const side = left ? -1 : 1; // the corner moves with the arrow
        const moves = { ArrowLeft: [side, 0], ArrowRight: [-side, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
        if (!Object.hasOwn(moves, event.key)) return;
        const [x, y] = moves[event.key];
        event.preventDefault();
        size(panel.offsetWidth + 32 * x, panel.offsetHeight + 32 * y);
        keep();
      });
      grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
      grip.addEventListener("pointermove", (event) => {
        if (!grip.hasPointerCapture(event.pointerId)) return;
        const edge = panel.getBoundingClientRect();
        size(left ? event.clientX - edge.left : edge.right - event.clientX, edge.bottom - event.clientY);
      });
      grip.addEventListener("pointerup", keep);
      // Back from the first element the focus goes on to the last, and the other way round.
      edges[0].addEventListener("focus", () => (shown.hidden ? panel.querySelector("a").focus() : enter()));
      edges[1].addEventListener("focus", () => (matchMedia(small).matches ? close : grip).focus());
      on("citewell:open", (event) => open(event.detail && String(event.detail.question || "")));
      on("citewell:close", shut);
      const keys = given.hotkey && hotkey(given.hotkey);
      if (keys) button.setAttribute("aria-keyshortcuts", keys.name);
      else if (given.hotkey) console.error(`widget.js: ${given.hotkey} is no data-hotkey such as ctrl+shift+k`);
      on("keydown", (event) => {
        if (!keys?.pressed?.(event) || event.repeat) return;
        event.preventDefault();
        panel.hidden ? open() : enter();
      });
      if ("open" in given) open();
    };
    if (place === "search") searchBox();
    else floatingButton(place === "left");
  };

  // The element `host` becomes the chat at a place: left, right or search.
  const become = (host, given, place) => {
    const languages = (given.language ? [given.language] : navigator.languages || []).map((name) => name.toLowerCase());
    const code = languages.map((name) => name.split("-")[0]).find((name) => Object.hasOwn(TEXTS, name)) || "en";
    host.setAttribute("place", place);
    host.lang = code;
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // no <style> element: a portal may forbid inline styles
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    host.style.colorScheme = ["light", "dark"].includes(given.theme) ? given.theme : "";
    const opaque = `color(from ${given.color} srgb r g b / 1)`;
    if (window.CSS.supports("color", opaque)) host.style.setProperty("--given", opaque);
    chat(given, place, code, root);
  };
  const placeOf = (given) => ("search" in given ? "search" : given.position === "left" ? "left" : "right");

  class Chat extends HTMLElement {
    connectedCallback() {
      if (!this.hasAttribute("place")) become(this, this.dataset, placeOf(this.dataset));
    }
  }
  if (!customElements.get("citewell-chat")) customElements.define("citewell-chat", Chat);

  const start = () => {
    const given = script.dataset;
    if ("element" in given) return; // the page has elements of its own
    const target = given.target ? document.querySelector(given.target) : document.body;
    if (!target) return console.error(`widget.js: no element ${given.target} for data-target`);
    const place = given.target ? "search" : placeOf(given);
    if ([...target.children].some((child) => child.matches(`citewell-chat[place=${place}]`))) return; // loaded twice
    const host = make("citewell-chat", { place });
    target.append(host);
    become(host, given, place);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})
