// Keeps the page's language, and passes the keyboard's wishes on to the page around a frame.
import { box, until } from "./page.js";

const root = document.documentElement;
const language = root.lang; // Gradio sets the browser's; the page's texts are in this one
const keep = () => root.lang === language || (root.lang = language);
new MutationObserver(keep).observe(root, { attributes: true, attributeFilter: ["lang"] });

const framed = window.parent !== window;
// Only these words are ever said, so whoever frames the page may hear them.
const say = (word) => framed && window.parent.postMessage(word, "*");

// Gradio names the conversation in English, and names the box after the button inside it.
until(() => {
  const log = document.querySelector("#chat [role=log]");
  if (!box() || !log) return false;
  box().setAttribute("aria-label", document.body.dataset.question);
  log.setAttribute("aria-label", document.body.dataset.conversation);
  say("citewell:ready");
  return true;
});

root.classList.toggle("framed", framed);
say("citewell:loading");
// An Esc that ends the composing of a Chinese word is not meant for the panel.
addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && say("citewell:close"));
addEventListener("message", (event) => {
  if (framed && event.source === window.parent && event.data === "citewell:focus") box()?.focus();
});
