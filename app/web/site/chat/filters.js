// The drawer of filters, which go with every question.
import { wishes } from "./conversation.js";
import { all, box, texts } from "./page.js";

const drawer = document.querySelector("#filters");
const form = drawer.querySelector("form");
const shown = drawer.querySelector(".active");

const chosen = () => {
  const filters = {};
  for (const [name, given] of new FormData(form)) {
    const value = given.trim();
    if (name === "since" || name === "until") value && (filters[name] = value);
    else (filters[name] ??= []).push(given);
  }
  return filters;
};
const count = () => {
  const number = Object.values(chosen()).flat().length;
  shown.textContent = number ? texts.active.replace("#", number) : "";
};
wishes.filters = chosen;

// Sets all filters; values that no article has are passed over.
export const set = (filters) => {
  for (const input of all("input", form)) {
    if (input.type === "checkbox") input.checked = filters[input.name]?.includes(input.value) ?? false;
    else input.value = filters[input.name] ?? "";
  }
  count();
};

// Filters by one value alone.
export const choose = (name, value) => {
  set({ ...chosen(), [name]: [value] });
  drawer.open = true;
};

form.addEventListener("input", count);
form.addEventListener("reset", () => setTimeout(count)); // once the browser has emptied it
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.name && !event.isComposing) box()?.focus();
});
