// The drawer of filters, which go with every question.
import { again, turns, wishes } from "./conversation.js";
import { datesOf } from "./filters/dates.js";
import { valuesOf } from "./filters/values.js";
import { all, box, filled, post, texts } from "./page.js";

const drawer = document.querySelector("#filters");
const form = drawer.querySelector("form");
const reask = document.querySelector("#reask");
const { language } = document.body.dataset; // Gradio sets that of the browser

const lists = new Map();
const chosen = () => {
  const filters = dates.chosen();
  for (const [kind, list] of lists) if (list.chosen().length) filters[kind] = list.chosen();
  return filters;
};
wishes.filters = chosen;

const sorted = (filters) => JSON.stringify(Object.entries(filters).map(([name, value]) => [name, [value].flat().sort()]).sort());
const offer = () => {
  const last = turns.at(-1);
  reask.hidden = last?.html === undefined || sorted(last.filters) === sorted(wishes.filters());
};
const count = () => {
  const number = Object.values(chosen()).flat().length;
  drawer.querySelector(".active").textContent = number ? texts.active.replace("#", number) : "";
  offer();
};

const show = (choices) => {
  dates.show(choices.periods);
  for (const [kind, list] of lists) list.show(choices[kind], choices.more.includes(kind));
  const text = choices.articles === 1 ? texts.passing_one : texts.passing;
  const passing = filled(text, { count: choices.articles.toLocaleString(language) });
  drawer.querySelector(".passing").textContent = Object.keys(chosen()).length ? passing : "";
};

// Counts under the filters of this moment: answers to earlier ones are passed over.
let last = 0;
const look = async () => {
  const number = ++last;
  const sought = [...lists].map(([kind, list]) => [kind, list.sought()]).filter(([, text]) => text);
  const asked = { filters: chosen(), find: Object.fromEntries(sought) };
  const choices = await post(`api/facets?language=${language}`, asked);
  if (number === last && choices) show(choices);
  else if (number === last) drawer.querySelector(".passing").textContent = "";
};
const changed = () => {
  count();
  if (!form.checkValidity()) return; // half a date, or a range that ends before it begins
  dispatchEvent(new Event("filters"));
  look();
};
const dates = datesOf(form.querySelector(".dates"), changed);
for (const fieldset of all(".values", form)) lists.set(fieldset.dataset.kind, valuesOf(fieldset, look));
show(JSON.parse(drawer.dataset.choices));

// Sets all filters.
export const set = (filters) => {
  const before = sorted(chosen());
  dates.set(filters);
  for (const [kind, list] of lists) list.set(filters[kind]);
  count();
  if (sorted(chosen()) !== before) look();
};

// Filters by one value alone.
export const choose = (name, value) => {
  set({ ...chosen(), [name]: [value] });
  drawer.open = true;
  dispatchEvent(new Event("filters"));
};

const close = () => {
  drawer.open = false;
  drawer.querySelector("summary").focus();
};
form.addEventListener("input", ({ target }) => target.name && changed());
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input") && event.target.name && !event.isComposing) box()?.focus();
});
form.querySelector(".done").addEventListener("click", close);
form.querySelector(".clear").addEventListener("click", () => {
  for (const list of lists.values()) list.forget();
  set({});
  changed();
});
// Before the listeners of the window, which would close the panel around a frame.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !drawer.open) return;
  if (!event.target.closest("#bottom") && event.target !== document.body) return;
  event.preventDefault();
  if (event.target.matches("[type=search]") && event.target.value) {
    event.target.value = "";
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  } else close();
});

reask.addEventListener("click", async () => {
  const turn = turns.at(-1);
  reask.disabled = true;
  const done = await again(turn, { filters: wishes.filters() });
  reask.disabled = false;
  if (!done) return;
  drawer.open = false;
  turn.element.querySelector(".said").focus();
});
addEventListener("conversation", offer);
