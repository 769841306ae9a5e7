// Shared by the chat's scripts: finding elements, waiting for them, and typing as a person would.
export const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
export const box = () => document.querySelector("#question textarea");

// Calls `done` after each change of the page until it returns something true.
export const until = (done) => {
  const observer = new MutationObserver(() => done() && observer.disconnect());
  observer.observe(document.documentElement, { childList: true, subtree: true });
};

export const type = (id, text) => {
  const field = document.querySelector(`#${id} textarea`);
  if (!field) return; // Gradio has not made it yet
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
export const send = (id, text) => {
  type(id, text);
  document.querySelector(`#${id} button`)?.click();
};
