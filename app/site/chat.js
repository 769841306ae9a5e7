// Keeps the page's language, presses what answers offer, and tells whoever frames the page what the keyboard asks for.
(() => {
  const root = document.documentElement;
  const find = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const language = root.lang; // Gradio sets the browser's; the page's texts are in this one
  const keep = () => root.lang === language || (root.lang = language);
  new MutationObserver(keep).observe(root, { attributes: true, attributeFilter: ["lang"] });

  // Gradio names the conversation in English, and the box after the button inside it, too.
  const box = () => find("#question textarea");
  const named = () => {
    const log = find("#chat [role=log]");
    if (!box() || !log) return false;
    box().setAttribute("aria-label", document.body.dataset.question);
    log.setAttribute("aria-label", document.body.dataset.conversation);
    return true;
  };
  const waiting = new MutationObserver(() => {
    if (!named()) return;
    waiting.disconnect();
    if (framed) say("verbatim:ready");
  });
  waiting.observe(root, { childList: true, subtree: true });

  // As if a person had typed it into a box of Gradio's, and had pressed the button beside it.
  const type = (id, text) => {
    const typed = find(`#${id} textarea`);
    typed.value = text;
    typed.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const send = (id, text) => {
    type(id, text);
    find(`#${id} button`).click();
  };

  // A chip leaves out something that a question was read with, or takes it back: its turn is answered anew.
  const press = (chip) => {
    const row = chip.closest(".bot-row");
    const turn = all("#chat .bot-row").indexOf(row);
    const left = all(".chip.off", row).map((other) => other.value);
    const ignore = chip.matches(".off") ? left.filter((key) => key !== chip.value) : [...left, chip.value];
    const { value } = chip;
    const follow = new MutationObserver(() => {
      const now = all(".chip", all("#chat .bot-row")[turn]).find((other) => other.value === value);
      if (document.contains(chip)) return;
      follow.disconnect();
      if (document.activeElement === document.body) now?.focus(); // the keyboard stays where it was
    });
    follow.observe(find("#chat"), { childList: true, subtree: true });
    send("again", JSON.stringify({ turn, ignore }));
  };
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("#chat .chip, #chat .example");
    if (pressed?.matches(".chip")) press(pressed);
    if (!pressed?.matches(".example")) return;
    send("question", pressed.textContent);
    box().focus();
  });

  const framed = window.parent !== window;
  // Nothing but these words is ever said, so whoever frames the page may hear them.
  const say = (word) => window.parent.postMessage(word, "*");
  if (!framed) return;
  root.classList.add("framed");
  say("verbatim:loading");
  // An Esc that ends the composing of a Chinese word is not meant for the panel.
  addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && say("verbatim:close"));
  addEventListener("message", (event) => {
    if (event.source === window.parent && event.data === "verbatim:focus") box()?.focus();
  });
})();
