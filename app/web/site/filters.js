// The drawer of filters: what is chosen in it goes with every question, and its height is the page's to know.
import { type } from "./typing.js";

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
  if (event.key === "Enter" && event.target.name && !event.isComposing) document.querySelector("#question textarea")?.focus();
});

// Gradio makes its boxes late, and a browser may have kept what was chosen before a reload.
const waiting = new MutationObserver(() => {
  if (!document.querySelector("#wanted textarea")) return;
  waiting.disconnect();
  tell();
});
waiting.observe(document.body, { childList: true, subtree: true });

const whole = document.querySelector("#drawer");
const measure = () => document.body.style.setProperty("--drawer", `${whole.offsetHeight}px`);
new ResizeObserver(measure).observe(whole);
