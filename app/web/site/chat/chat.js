// The chat's page: its question box, its address, and the wishes of a page around its frame.
import { placeOf, restored, written } from "./address.js";
import { ask, replace, turns } from "./conversation.js";
import { box, tell, texts, type, until } from "./page.js";

const root = document.documentElement;
const { language } = document.body.dataset; // Gradio sets the browser's; the page's texts are in this one
const keep = () => root.lang === language || (root.lang = language);
keep(); // it may have been first
new MutationObserver(keep).observe(root, { attributes: true, attributeFilter: ["lang"] });
const theme = new URLSearchParams(location.search).get("__theme"); // of Gradio's own: light or dark
if (theme) root.style.colorScheme = theme;

const framed = window.parent !== window;
// Only these words are ever said, so whoever frames the page may hear them.
const say = (word) => framed && window.parent.postMessage(word, "*");
root.classList.toggle("framed", framed);
say("citewell:loading");

// Gradio names the box after the button inside it.
until(() => {
  if (!box()) return false;
  box().setAttribute("aria-label", texts.question);
  say("citewell:ready");
  return true;
});

// The box is emptied when its question is sent, so that the next one can be typed while its answer is awaited.
const take = () => {
  const question = box().value;
  const asked = ask(question);
  if (turns.at(-1)?.question === question && turns.at(-1).html === undefined) type("");
  asked.then((turn) => turn && written());
};
addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== box()) return;
    if (box().hasAttribute("aria-activedescendant")) return; // a suggestion is chosen
    event.preventDefault();
    take();
  },
  true,
);
addEventListener("click", ({ target }) => target.closest?.("#question .submit-button") && take());

// A slash, or Ctrl+K, puts the keyboard into the question box from anywhere on the page.
const isField = (element) => element.matches?.("input, textarea, select, [contenteditable]");
addEventListener("keydown", (event) => {
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isField(event.target);
  const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (!box() || event.isComposing || !(slash || k)) return;
  event.preventDefault();
  box().focus();
});

// An Esc that ends the composing of a Chinese word is not meant for the panel.
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) say("citewell:close");
});
addEventListener("message", (event) => {
  if (framed && event.source === window.parent && event.data === "citewell:focus") box()?.focus();
});

let cleared = [];
document.querySelector("#clear").addEventListener("click", () => {
  cleared = replace([]);
  document.querySelector("#start .undo").hidden = false;
  tell("heard", document.querySelector("#start .undo").firstChild.textContent);
  written();
  box()?.focus();
});
document.querySelector("#undo").addEventListener("click", () => {
  replace(cleared);
  written();
  box()?.focus();
});
addEventListener("conversation", () => {
  if (turns.length) document.querySelector("#start .undo").hidden = true;
});

addEventListener("popstate", () => restored(placeOf(location)));
restored(placeOf(location), { first: true });
