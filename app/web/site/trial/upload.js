// Uploads files one after the other, waits until they can be asked, and shows how each was read.
import { address, send, showTime } from "./own.js";

const PAUSE = 500; // milliseconds between two questions whether the files are ready
const text = JSON.parse(document.body.dataset.texts);
const filled = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const [form, input, told, count, result] = ["#drop", "#files", "#told", "#count", "#result"].map((name) =>
  document.querySelector(name),
);
const limits = { files: Number(form.dataset.files), megabytes: Number(form.dataset.megabytes) };
let token = "";

const tell = (words, passages = 0) => {
  if (told.textContent !== words) told.textContent = words; // said once, however often the server is asked
  count.textContent = passages ? filled(text.prepared, { count: passages.toLocaleString() }) : "";
};

const cell = (name, content) => {
  const element = document.createElement(name);
  element.append(...[content].flat());
  return element;
};
const line = (content) => {
  const element = cell("div", content);
  element.dir = "auto";
  return element;
};
const row = ({ file, read, characters, in_passages, lost, notes }) => {
  const said = read || notes.length ? notes : [text.other_kind];
  const head = cell("th", line(file));
  head.scope = "row";
  const remarks = said.map((note) => line(read ? note : `${text.not_read}: ${note}`));
  const numbers = [characters, in_passages, lost].map((number) => cell("td", number.toLocaleString()));
  const made = cell("tr", [head, ...numbers, cell("td", remarks)]);
  made.classList.toggle("unread", !read || lost > 0);
  return made;
};

const show = ({ state, files = [], until }) => {
  const asks = result.querySelector("#ask");
  asks.hidden = state !== "ready";
  const page = address("");
  page.searchParams.set("try", token);
  asks.href = page;
  showTime(result.querySelector("time"), until);
  result.querySelector("tbody").replaceChildren(...files.map(row));
  result.querySelector(".table").hidden = !files.length;
  result.hidden = false;
  (state === "ready" ? asks : result.querySelector(".delete")).focus();
};

const begin = (words = "") => {
  token = "";
  history.replaceState(null, "", `${location.pathname}${location.search}`);
  form.hidden = false;
  result.hidden = true;
  input.value = "";
  tell(words);
};

// Shows how far the files of a token are, until they are ready.
const follow = async (followed) => {
  token = followed;
  form.hidden = true;
  while (token === followed) {
    const found = await send("try/state", token);
    if (!found.ok || found.state === "new") return begin(found.error ?? text.failed);
    const words = text[found.problem] ?? text[found.state] ?? "";
    tell(words, found.done);
    if (found.state === "ready" || found.state === "failed") return show(found);
    await new Promise((done) => setTimeout(done, PAUSE));
  }
};

const sent = async (files) => {
  const made = await send("try/new", "new");
  if (!made.ok) return made;
  for (const [number, file] of files.entries()) {
    tell(filled(text.sending, { name: file.name, number: number + 1, count: files.length }));
    const answer = await send(`try/files?name=${encodeURIComponent(file.name)}`, made.token, file);
    if (!answer.ok) {
      await send("try/delete", made.token);
      return answer;
    }
  }
  const begun = await send("try/begin", made.token);
  return { ...begun, token: made.token };
};

const upload = async (files) => {
  if (!files.length || form.hidden) return;
  if (files.length > limits.files) return begin(filled(text.no_files, limits));
  if (files.reduce((sum, file) => sum + file.size, 0) > limits.megabytes * 1e6) return begin(filled(text.no_bytes, limits));
  form.hidden = true;
  const answer = await sent(files);
  if (!answer.ok) return begin(answer.error ?? text.failed);
  // The token stands in the fragment, which no server logs.
  history.replaceState(null, "", `${location.pathname}${location.search}#${answer.token}`);
  await follow(answer.token);
};

input.addEventListener("change", () => upload([...input.files]));
for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault()); // a miss opens nothing
addEventListener("dragover", () => form.classList.add("over"));
for (const kind of ["dragleave", "drop"]) addEventListener(kind, () => form.classList.remove("over"));
addEventListener("drop", ({ dataTransfer }) => upload([...dataTransfer.files]));
result.querySelector(".delete").addEventListener("click", async () => {
  await send("try/delete", token);
  begin(text.deleted);
  input.focus();
});

if (location.hash.length > 1) follow(location.hash.slice(1));
