// Suggests titles, headings and questions below the question box while one is typed. A text area may have no other
// role (ARIA in HTML), so it stays a text box: its list is told by aria-controls, the count by a status line.
import { written } from "./address.js";
import { ask } from "./conversation.js";
import { all, box, post, texts, type, until } from "./page.js";

const LEAST = 2; // characters
const MOST = 200; // as the server takes
const PAUSE = 150; // milliseconds without a key
const ROW = 32; // pixels of a suggestion

const list = document.querySelector("#suggestions");
const told = document.querySelector("#suggested");
const smallTalk = JSON.parse(list.dataset.smallTalk).map((pattern) => new RegExp(`^(?:${pattern})$`, "u"));
const plain = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

// The text to suggest for, empty where nothing is to be suggested.
const wanted = () => {
  const text = box().value.trim();
  const length = [...text].length;
  if (document.activeElement !== box() || length < LEAST || length > MOST) return "";
  return smallTalk.some((pattern) => pattern.test(plain(text))) ? "" : text;
};

const active = () => list.querySelector("[aria-selected=true]");
const select = (option) => {
  active()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  if (option) box().setAttribute("aria-activedescendant", option.id);
  else box().removeAttribute("aria-activedescendant");
};
const close = () => {
  if (list.hidden) return;
  select();
  list.hidden = true;
  list.replaceChildren();
  told.textContent = "";
};

// Below the box, or above it where there is more room; as many suggestions as fit without scrolling.
const show = (suggestions) => {
  const { left, width, top, bottom } = box().getBoundingClientRect();
  const below = innerHeight - bottom;
  const above = below < suggestions.length * ROW && top > below;
  const room = Math.floor((above ? top : below) / ROW);
  const options = suggestions.slice(0, Math.max(room, 1)).map(({ text, kind }, number) => {
    const option = document.createElement("li");
    Object.assign(option, { id: `suggestion-${number}`, role: "option", ariaSelected: "false", textContent: text });
    option.dir = "auto";
    option.dataset.kind = kind;
    return option;
  });
  close();
  list.replaceChildren(...options);
  list.hidden = !options.length;
  Object.assign(list.style, { left: `${left}px`, width: `${width}px` });
  Object.assign(list.style, above ? { top: "", bottom: `${innerHeight - top}px` } : { top: `${bottom}px`, bottom: "" });
  told.textContent = options.length ? texts.suggested.replace("#", options.length) : "";
};

// One request at a time: what is typed meanwhile is asked for when it is answered.
let timer;
let busy = false;
let dismissed = ""; // what stood in the box when Esc was pressed or a suggestion was asked
const look = async () => {
  const text = wanted();
  if (!text || text === dismissed) return close();
  if (busy) return;
  busy = true;
  const found = (await post("api/suggest", { text, language: document.body.dataset.language }))?.suggestions ?? [];
  busy = false;
  if (wanted() !== text) later();
  else if (text !== dismissed) show(found);
};
const later = () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
};

const choose = (option) => {
  const text = option.textContent;
  close();
  dismissed = text;
  type("");
  ask(text).then((turn) => turn && written());
};
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const press = (event) => {
  if (list.hidden || event.isComposing || event.target !== box()) return;
  const step = STEPS[event.key];
  const options = all("li", list);
  const at = options.indexOf(active());
  if (step) select(at < 0 && step < 0 ? options.at(-1) : options[at + step]);
  else if (event.key === "Enter" && active()) choose(active());
  else if (event.key === "Escape") {
    dismissed = wanted();
    close();
  } else return;
  event.preventDefault();
  event.stopPropagation(); // Esc would close the panel around a frame, too
};
addEventListener("keydown", press, true);
for (const change of ["input", "compositionend"])
  addEventListener(change, (event) => {
    if (event.target !== box() || event.isComposing) return;
    if (!box().value) close();
    later();
  });
addEventListener("focusout", close);
addEventListener("resize", close);
list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the keyboard
list.addEventListener("click", ({ target }) => target.closest("li") && choose(target.closest("li")));

until(() => {
  box()?.setAttribute("aria-autocomplete", "list");
  box()?.setAttribute("aria-controls", list.id);
  return box();
});
