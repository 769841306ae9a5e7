// Keeps the page's language, and tells whoever frames the page what the keyboard asks for.
(() => {
  const root = document.documentElement;
  const language = root.lang; // Gradio sets the browser's; the page's texts are in this one
  const keep = () => root.lang === language || (root.lang = language);
  new MutationObserver(keep).observe(root, { attributes: true, attributeFilter: ["lang"] });

  // Gradio names the conversation in English, and the box after the button inside it, too.
  const box = () => document.querySelector("#question textarea");
  const named = () => {
    const log = document.querySelector("#chat [role=log]");
    if (!box() || !log) return false;
    box().setAttribute("aria-label", document.body.dataset.question);
    log.setAttribute("aria-label", document.body.dataset.conversation);
    return true;
  };
  const waiting = new MutationObserver(() => {
    if (!named()) return;
    waiting.disconnect();
    if (framed) say("citewell:ready");
  });
  waiting.observe(root, { childList: true, subtree: true });

  const framed = window.parent !== window;
  // Nothing but these words is ever said, so whoever frames the page may hear them.
  const say = (word) => window.parent.postMessage(word, "*");
  if (!framed) return;
  root.classList.add("framed");
  say("citewell:loading");
  // An Esc that ends the composing of a Chinese word is not meant for the panel.
  addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && say("citewell:close"));
  addEventListener("message", (event) => {
    if (event.source === window.parent && event.data === "citewell:focus") box()?.focus();
  });
})();
