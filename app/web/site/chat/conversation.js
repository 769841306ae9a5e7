// The conversation: turns with the answers of the server, which are HTML with all texts of articles and people escaped.
import { all, box, make, post, tell, texts, type } from "./page.js";

const READ = 10; // earlier questions that go with a question
const SLOW = 1000; // milliseconds until an answer is called slow
const log = document.querySelector("#chat");
const template = document.querySelector("#turn").content;
const event = Number(document.body.dataset.event);
const session = Math.random().toString(36).slice(2);

export let turns = []; // { question, earlier, filters, here, ignore, element, html, heard, markdown, leans, feedback }
export const turnOf = (element) => turns.find((turn) => turn.element.contains(element));

// What goes with the next question and is not the conversation's: set by the filters and the page's section.
export const wishes = { filters: () => ({}), here: () => document.querySelector("#here input")?.checked ?? true };

const changed = () => dispatchEvent(new Event("conversation"));

const requested = async ({ question, earlier, filters, here, ignore }) => {
  const data = [{ question, earlier, filters, here, ignore }];
  const failed = (status) => tell("told", status === 503 ? texts.full : texts.failed);
  const query = new URLSearchParams(location.search);
  for (const name of ["q", "color", "greeting", "suggestion"]) query.delete(name);
  const call = { fn_index: event, data, session_hash: session };
  const response = await post(`gradio_api/run/predict${query.size ? `?${query}` : ""}`, call, failed);
  if (response) tell("told", "");
  return response?.data[0];
};

const draw = (turn, answer) => {
  Object.assign(turn, answer);
  const reply = turn.element.querySelector(".reply");
  reply.innerHTML = turn.html; // made of escaped texts by the server alone, and no script in it would run
  reply.removeAttribute("aria-busy");
  turn.element.querySelector(".actions").hidden = false;
};

const placed = (turn) => {
  turn.element = template.firstElementChild.cloneNode(true);
  turn.element.querySelector(".said").textContent = turn.question;
  turn.element.querySelector(".waiting").textContent = texts.searching;
  log.append(turn.element);
};

const show = (element) => {
  const middle = document.querySelector("#middle");
  const top = middle.scrollTop + element.getBoundingClientRect().top - middle.getBoundingClientRect().top;
  middle.scrollTo({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
};

// One question at a time. What is typed while an answer is awaited stays, and is not sent.
let waiting = false;
let run = 0; // another one once the conversation is replaced: an answer that comes later belongs to no turn

// The turn of a question, once it is answered; null where it is empty, another is awaited, or it failed.
export const ask = async (question, options = {}) => {
  if (!question.trim() || waiting) return null;
  waiting = true;
  const earlier = turns.map((turn) => turn.question).slice(-READ);
  const turn = { question, earlier, filters: wishes.filters(), here: wishes.here(), ignore: [], ...options };
  placed(turn);
  turns.push(turn);
  changed();
  requestAnimationFrame(() => show(turn.element));
  const slow = setTimeout(() => (turn.element.querySelector(".waiting").textContent = texts.slow), SLOW);
  const mine = run;
  const answer = await requested(turn);
  clearTimeout(slow);
  if (run !== mine) return null;
  waiting = false;
  if (!answer) {
    forget(turn);
    if (box() && !box().value) type(question);
    return null;
  }
  draw(turn, answer);
  tell("heard", turn.heard);
  changed();
  return turn;
};

const forget = (turn) => {
  turn.element.remove();
  turns = turns.filter((other) => other !== turn);
  changed();
};

// The turn is answered anew with other wishes, where it stands. Returns whether that worked.
export const again = async (turn, changes) => {
  const answer = await requested({ ...turn, ...changes });
  if (!answer) return false;
  draw(turn, { feedback: "", ...answer, ...changes });
  tell("heard", `${texts.again} ${turn.heard}`);
  changed();
  return true;
};

// All turns are replaced by others, which were drawn before. Returns those that were there.
export const replace = (others) => {
  const before = turns.filter((turn) => turn.html !== undefined);
  turns = others;
  run += 1;
  waiting = false;
  log.replaceChildren(...turns.map((turn) => turn.element));
  changed();
  return before;
};

// A turn that was kept as text is drawn anew.
export const revived = (kept) => {
  const turn = { ...kept };
  placed(turn);
  draw(turn, {});
  return turn;
};

addEventListener("conversation", () => {
  document.documentElement.classList.toggle("asked", turns.length > 0);
  for (const element of all(".of-conversation")) element.hidden = !turns.length;
});
