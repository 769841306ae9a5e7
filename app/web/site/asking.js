// Asks: the box is emptied when its question is sent, so that the next one can be typed while its answer is awaited.
import { all, box, send, type } from "./page.js";

// The question whose answer is awaited; the answer empties it, at times a moment after it is seen.
const awaited = () => document.querySelector("#asked textarea");
let waiting = false;

export const ask = (question) => {
  if (!awaited() || (waiting && awaited().value)) return false;
  waiting = true;
  send("asked", question || " "); // an empty question would not be awaited
  return true;
};
const take = () => ask(box().value) && type("question", "");

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

// A question that failed is put back unless something has been typed since. Another call may fail while it is awaited.
const putBack = (sent) => {
  const question = awaited()?.value;
  if (!question || question !== sent) return;
  type("asked", "");
  if (!box().value) type("question", question.trim());
};

// After a failure Gradio covers the conversation and sends nothing any more, so it is given an
// answer that changes nothing instead. With a full queue the server says 503.
const told = document.querySelector("#told");
const reach = window.fetch.bind(window);
window.fetch = async (resource, options) => {
  if (!/\/run\/predict(\?|$)/.test(resource.url ?? resource)) return reach(resource, options);
  const response = await reach(resource, options).catch(() => Response.error());
  told.textContent = response.ok ? "" : told.dataset[response.status === 503 ? "full" : "failed"];
  if (response.ok) return response;
  putBack(JSON.parse(options.body).data[0]);
  return Response.json({ data: [] });
};

const show = (row) => {
  const log = row.closest("[role=log]");
  const top = log.scrollTop + row.getBoundingClientRect().top - log.getBoundingClientRect().top;
  log.scrollTo({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
};

// A turn that is answered anew changes no question, and so neither scrolls nor takes the keyboard.
let before = "";
const follow = () => {
  const rows = all("#chat .user-row");
  const questions = JSON.stringify(rows.map((row) => row.textContent));
  if (questions === before || all("#chat .bot-row").length !== rows.length) return;
  before = questions;
  waiting = false;
  if (rows.length) requestAnimationFrame(() => show(rows.at(-1)));
  else box()?.focus();
};
new MutationObserver(follow).observe(document.body, { childList: true, subtree: true, characterData: true });
