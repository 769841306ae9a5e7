// The address of a conversation: its questions and filters stand in the fragment, which no server logs.
import { ask, replace, revived, turns, wishes } from "./conversation.js";
import { set as setFilters } from "./filters.js";
import { narrow } from "../pane/only.js";

// Another key for each chat of an origin and each person who signs in.
const CHAT = `citewell ${new URL(document.baseURI).pathname} `;
const KEY = `${CHAT}${document.body.dataset.keeps ?? ""}`;
const MOST = 50; // questions of an address
const LISTS = ["publishers", "languages", "folders", "articles"];
const WISHES = ["color", "greeting", "suggestion"]; // of the portal around a frame
const allowed = () => {
  try {
    return document.body.hasAttribute("data-keeps") ? window.sessionStorage : null;
  } catch {
    return null; // some browsers keep nothing for a frame
  }
};
export const storage = allowed();
for (const key of Object.keys(storage ?? {})) if (key.startsWith(CHAT) && key !== KEY) storage.removeItem(key);

const set = (filters) => {
  setFilters(filters);
  narrow(filters.articles);
};

// The fragment of questions, the last of which is the one that is asked.
export const fragment = (questions, filters) => {
  const fields = new URLSearchParams();
  if (questions.length) fields.append("q", questions.at(-1));
  for (const question of questions.slice(0, -1)) fields.append("after", question);
  for (const [name, value] of Object.entries(filters)) for (const each of [value].flat()) fields.append(name, each);
  return String(fields);
};

// The questions and filters that an address names; a query is read as a fragment is.
export const placeOf = ({ hash, search }) => {
  const query = new URLSearchParams(search);
  const fields = hash.length > 1 || !query.has("q") ? new URLSearchParams(hash.slice(1)) : query;
  const question = fields.get("q") ?? "";
  const filters = {};
  for (const name of ["since", "until"]) if (fields.get(name)) filters[name] = fields.get(name);
  for (const name of LISTS) if (fields.has(name)) filters[name] = fields.getAll(name);
  return { questions: question ? [...fields.getAll("after"), question].slice(-MOST) : [], filters };
};

const here = (place, without = []) => {
  const query = new URLSearchParams(location.search);
  for (const name of ["q", "after", "since", "until", ...LISTS, ...without]) query.delete(name);
  const written = fragment(place.questions, place.filters);
  return `${location.pathname}${query.size ? `?${query}` : ""}${written ? `#${written}` : ""}`;
};

const conversation = () => ({ questions: turns.map((turn) => turn.question), filters: wishes.filters() });

// The address follows the conversation, an entry of the browser's history for each question. A change of filters adds
// none, nor does a frame: going back is its portal's.
export const written = ({ replaced = window.parent !== window } = {}) => {
  const address = here(conversation());
  if (address === `${location.pathname}${location.search}${location.hash}`) return;
  history[replaced ? "replaceState" : "pushState"](null, "", address);
};
addEventListener("filters", () => turns.every((turn) => turn.html !== undefined) && written({ replaced: true }));

// A link to the whole conversation.
export const linkOfAll = () => new URL(here(conversation(), WISHES), location.href).href;

addEventListener("narrowed", () => written());

// A link to one answer: with earlier questions only where it leans on them.
export const linkOf = (turn) => {
  const questions = turn.leans ? [...turn.earlier, turn.question] : [turn.question];
  const address = here({ questions, filters: turn.filters }, WISHES);
  return new URL(address, location.href).href;
};

const known = new Map(); // turns that were drawn before, by their questions up to them
const named = (questions) => JSON.stringify(questions);
const remember = () => {
  const questions = [];
  for (const turn of turns) if (turn.html !== undefined) known.set(named([...questions, turn.question]), turn), questions.push(turn.question);
  if (!storage) return;
  const kept = turns.filter((turn) => turn.html !== undefined).map(({ element, ...rest }) => rest);
  try {
    storage.setItem(KEY, JSON.stringify(kept));
  } catch {
    storage.removeItem(KEY); // too long to keep
  }
};
addEventListener("conversation", remember);

const kept = () => {
  try {
    return JSON.parse(storage?.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
};

// The conversation that an address names: turns that were drawn before come back, the others are asked anew. A place
// without questions gets, when the page opens, the conversation that this tab keeps.
export const restored = async (place, { first = false } = {}) => {
  const stored = first ? kept() : [];
  const same = named(stored.map((turn) => turn.question)) === named(place.questions);
  if (stored.length && (same || !place.questions.length)) {
    replace(stored.map(revived));
    set(stored.at(-1).filters);
    return written();
  }
  set(place.filters);
  const wanted = place.questions;
  const back = [];
  while (back.length < wanted.length && known.has(named(wanted.slice(0, back.length + 1))))
    back.push(known.get(named(wanted.slice(0, back.length + 1))));
  replace(back);
  for (const question of wanted.slice(back.length)) if (!(await ask(question))) break;
  if (first) written({ replaced: true }); // with the wishes of now: they may have changed while an answer was awaited
};
