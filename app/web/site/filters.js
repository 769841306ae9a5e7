// The drawer of filters: they are sent with every question, and the page needs the drawer's height.
import { box, type, until } from "./page.js";

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
const tell = () => {
  const filters = chosen();
  const count = Object.values(filters).flat().length;
  shown.textContent = count ? shown.dataset.active.replace("#", count) : "";
  type("wanted", JSON.stringify(filters));
};
form.addEventListener("input", tell);
form.addEventListener("reset", () => setTimeout(tell)); // once the browser has emptied it
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.name && !event.isComposing) box()?.focus();
});

// Gradio makes its boxes late, and a browser may have kept filters that were chosen before a reload.
until(() => {
  const made = document.querySelector("#wanted textarea");
  if (made) tell();
  return made;
});

const whole = document.querySelector("#drawer");
const measure = () => document.body.style.setProperty("--drawer", `${whole.offsetHeight}px`);
new ResizeObserver(measure).observe(whole);
