// The side pane: a citation opens its article beside the conversation, on a narrow page over it. Its bar steps through
// the passages of the answer, copies the citation, narrows the search to the article, and finds words in it.
import { copied } from "../clipboard.js";
import { turnOf, turns } from "../chat/conversation.js";
import { all, box, filled, texts } from "../chat/page.js";
import { mark, matches } from "./find.js";
import { choose } from "./only.js";

const root = document.documentElement;
const pane = document.querySelector("#pane");
const part = (selector) => pane.querySelector(selector);
const holder = part(".frame");
const wide = matchMedia("(min-width: 60rem)");
const articles = new URL("articles/", document.baseURI).pathname;

let turn = null; // whose citation is shown
let link = null; // the citation: it gets the keyboard back
let reference = null; // of its passage, in all formats
let found = []; // the matches of what is looked for
let chosen = 0;
let watcher = null; // of what closes a sheet besides its cross: the back button of a phone, where the browser tells

const isOurs = (address) => address.origin === location.origin && address.pathname.length > articles.length && address.pathname.startsWith(articles);
const nameOf = (address) => decodeURIComponent(new URL(address).pathname.slice(articles.length));
const view = () => holder.firstElementChild?.contentWindow;

// The passages of the answer in their order on the page, each once.
const stops = () => {
  const links = all(".open, .listed a", turn.element);
  return links.filter((one, index) => links.findIndex((other) => other.href === one.href) === index);
};
const place = () => stops().findIndex((one) => one.href === link.href);

const covering = () => {
  const covers = !pane.hidden && !wide.matches;
  for (const element of all("#top, #middle, #bottom")) element.inert = covers;
};
wide.addEventListener("change", covering);

const look = (step = 0) => {
  const words = part(".find input").value;
  if (!step) (found = matches(view()?.document.querySelector("article"), words)), (chosen = 0);
  else if (found.length) chosen = (chosen + step + found.length) % found.length;
  if (view()) mark(view(), found, chosen);
  const { found: text, lost } = pane.dataset;
  const said = found.length ? filled(text, { number: chosen + 1, count: found.length }) : lost;
  part(".found").textContent = words.trim() ? said : "";
};

const framed = (address) => {
  const frame = document.createElement("iframe"); // a new one each time: the browser's history gets no entry
  const shown = new URL(address);
  shown.searchParams.set("pane", "1");
  frame.src = shown.href;
  frame.title = part("h2").textContent;
  frame.addEventListener("load", () => frame.contentDocument.addEventListener("keydown", leave));
  holder.replaceChildren(frame);
};

const refer = async (address) => {
  reference = null;
  const { search } = new URL(address);
  const path = new URL(address).pathname.slice(articles.length);
  const response = await fetch(new URL(`references/${path}${search}`, document.baseURI)).catch(() => null);
  if (response?.ok && link?.href === address) reference = await response.json();
  if (reference) part("h2 bdi").textContent = reference.title;
};

const show = (citation) => {
  link?.removeAttribute("aria-current");
  link = citation;
  link.setAttribute("aria-current", "true");
  part("h2 bdi").textContent = (link.closest(".card")?.querySelector(".title") ?? link).textContent;
  part(".tab").href = link.href;
  for (const said of [".told", ".found"]) part(said).textContent = "";
  part(".find input").value = "";
  found = [];
  part(".copies").open = false;
  const [number, count] = [place(), stops().length];
  part(".place").textContent = number < 0 ? "" : filled(pane.dataset.place, { number: number + 1, count });
  part(".before").disabled = number <= 0;
  part(".after").disabled = number < 0 || number + 1 >= count;
  framed(link.href);
  refer(link.href);
};

const open = (citation) => {
  turn = turnOf(citation);
  pane.hidden = false;
  root.classList.add("beside");
  if (!wide.matches && window.CloseWatcher) (watcher = new CloseWatcher()).onclose = close;
  show(citation);
  covering();
  pane.focus();
};

const hide = () => {
  pane.hidden = true;
  watcher?.destroy();
  root.classList.remove("beside");
  holder.replaceChildren();
  link?.removeAttribute("aria-current");
  covering();
};

const close = () => {
  hide();
  for (let details = link.closest("details:not([open])"); details; details = details.parentElement.closest("details:not([open])"))
    details.open = true;
  (link.isConnected ? link : box())?.focus();
};

const leave = (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || pane.hidden) return;
  event.preventDefault(); // it is not meant for the panel around the chat
  close();
};
document.addEventListener("keydown", leave);

const step = (by, button) => {
  const next = place() < 0 ? undefined : stops()[place() + by];
  if (!next) return hide(); // the answer was drawn anew without this passage
  show(next);
  if (button.disabled) pane.focus();
};

const copy = async (button) => {
  part(".told").textContent = "";
  const done = reference !== null && (await copied(reference[button.value]));
  part(".told").textContent = done ? texts.copied : texts.copy_failed;
};

const only = () => {
  choose([nameOf(link.href)], part("h2").textContent);
  if (!wide.matches) hide();
  box()?.focus();
};

pane.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.matches(".close")) close();
  else if (button?.matches(".before")) step(-1, button);
  else if (button?.matches(".after")) step(1, button);
  else if (button?.matches(".only")) only();
  else if (button?.matches(".copies button")) copy(button);
});
part(".find input").addEventListener("input", () => look());
part(".find").addEventListener("submit", (event) => event.preventDefault());
part(".find input").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) look(event.shiftKey ? -1 : 1);
});

// Other presses than a plain one open the page, as those of any link.
addEventListener("click", (event) => {
  const citation = event.target.closest?.("#chat a[href]");
  const plain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!citation || !plain || event.defaultPrevented || !isOurs(new URL(citation.href))) return;
  event.preventDefault();
  open(citation);
});
addEventListener("conversation", () => {
  if (!pane.hidden && !turns.includes(turn)) hide();
});
