// Shared by the chat's scripts: the page's texts and language, and how elements are found and made.
export const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
export const box = () => document.querySelector("#question textarea");
export const texts = JSON.parse(document.body.dataset.texts);
export const filled = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const make = (name, kind, ...children) => {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.append(...children);
  return element;
};

// Calls `done` after each change of the page until it returns something true.
export const until = (done) => {
  if (done()) return;
  const observer = new MutationObserver(() => done() && observer.disconnect());
  observer.observe(document.documentElement, { childList: true, subtree: true });
};

// Types into the question box as a person would, so that Gradio hears of it.
export const type = (text) => {
  if (!box()) return; // Gradio has not made it yet
  box().value = text;
  box().dispatchEvent(new Event("input", { bubbles: true }));
};

// A text without its surroundings for screen readers; the same text twice is said twice.
export const tell = (id, text) => {
  const line = document.querySelector(`#${id}`);
  line.textContent = "";
  requestAnimationFrame(() => (line.textContent = text));
};

// The article, start and end of a passage, which stand in its own link.
export const spanOf = (passage) => {
  const link = new URL(passage.querySelector(".open").href);
  const below = new URL("articles/", document.baseURI).pathname;
  return {
    article: decodeURIComponent(link.pathname.slice(below.length)),
    start: Number(link.searchParams.get("start")),
    end: Number(link.searchParams.get("end")),
  };
};

// A visitor's own files are named by this page's address, and so by all that it asks.
export const withTrial = (address) => {
  const url = new URL(address, document.baseURI);
  const trial = new URLSearchParams(location.search).get("try");
  if (trial) url.searchParams.set("try", trial);
  return url;
};

// Sends JSON to an address of ours; null if the answer is no success. `status` hears the status of a failure, 0 for none.
export const post = async (address, body, status = () => {}) => {
  const sent = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(withTrial(address), sent).catch(() => null);
  if (response?.ok) return response.json().catch(() => status(0) ?? null);
  status(response?.status ?? 0);
  return null;
};
