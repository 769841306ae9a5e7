// The filter by articles: it is set in the pane, shown above the other filters, and can be taken off there.
import { wishes } from "../chat/conversation.js";
import "../chat/filters.js"; // whose filters these are added to
import { box, filled, texts, withTrial } from "../chat/page.js";

const chip = document.querySelector("#only");
const others = wishes.filters;
const titles = new Map(); // by id
let articles = [];

wishes.filters = () => (articles.length ? { ...others(), articles } : others());

const label = () => {
  chip.hidden = !articles.length;
  const title = articles.map((id) => titles.get(id) ?? id).join("”, “");
  chip.querySelector(".label").textContent = filled(texts.only, { title });
};

// Where the path of a page below `name` names this article.
export const below = (name, article) => new URL(`${name}/${article.split("/").map(encodeURIComponent).join("/")}`, document.baseURI);

const learn = async (id) => {
  const response = await fetch(withTrial(below("references", id))).catch(() => null);
  if (!response?.ok) return;
  titles.set(id, (await response.json()).title);
  label();
};

// Searches these articles alone, all without any.
export const narrow = (ids = [], title = "") => {
  if (title) titles.set(ids[0], title);
  articles = ids;
  label();
  for (const id of ids) if (!titles.has(id)) learn(id);
};

// The same as a person's wish, which the address tells at once.
export const choose = (ids, title) => {
  narrow(ids, title);
  dispatchEvent(new Event("narrowed"));
};

chip.addEventListener("click", () => {
  choose([]);
  box()?.focus();
});
document.querySelector("#filters .clear").addEventListener("click", () => choose([]));
