// Keeps the page's language, and tells whoever frames the page what the keyboard asks for.
(() => {
  const root = document.documentElement;
  const language = root.lang; // Gradio sets the browser's; the page's texts are in this one
  const keep = () => root.lang === language || (root.lang = language);
  new MutationObserver(keep).observe(root, { attributes: true, attributeFilter: ["lang"] });

  if (window.parent === window) return;
  root.classList.add("framed");
  const box = () => document.querySelector("#question textarea");
  // Nothing but these words is ever said, so whoever frames the page may hear them.
  const say = (word) => window.parent.postMessage(word, "*");
  addEventListener("keydown", (event) => event.key === "Escape" && say("verbatim:close"));
  addEventListener("message", (event) => {
    if (event.source === window.parent && event.data === "verbatim:focus") box()?.focus();
  });
  const waiting = new MutationObserver(() => {
    if (!box()) return;
    waiting.disconnect();
    say("verbatim:ready");
  });
  waiting.observe(root, { childList: true, subtree: true });
})();
