// A list of values to filter by: counted, searchable, a single stop of the Tab key; folders as a tree.
import { all, filled, make, texts } from "../page.js";

const FEW = 8; // values that need no search field
const PAUSE = 150; // milliseconds without a key
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("’", "'").trim();

export const valuesOf = (fieldset, look) => {
  const { kind } = fieldset.dataset;
  const list = fieldset.querySelector("ul");
  const search = fieldset.querySelector("[type=search]");
  const rows = new Map(); // by name
  let cut = false; // whether the server knows more values than it lists
  const above = (name) => (kind === "folders" ? rows.get(name.slice(0, Math.max(name.lastIndexOf("/"), 0))) : undefined);

  const unfold = (row, open) => {
    row.open = open;
    row.inside.hidden = !open;
    row.toggle.setAttribute("aria-expanded", open);
  };
  const insideOf = (row) => {
    if (row.inside) return row.inside;
    row.inside = make("ul");
    row.toggle = make("button", "toggle");
    Object.assign(row.toggle, { type: "button", ariaLabel: filled(texts.inside, { name: row.name }) });
    row.toggle.addEventListener("click", () => unfold(row, !row.open));
    row.toggle.tabIndex = row.input.tabIndex;
    row.item.prepend(row.toggle);
    row.item.append(row.inside);
    unfold(row, false);
    return row.inside;
  };
  const added = (name) => {
    const row = { name, input: make("input"), text: make("bdi", "", name), count: make("span") };
    Object.assign(row.input, { type: "checkbox", name: kind, value: name, tabIndex: -1 });
    row.label = make("label", "", row.input, " ", row.text, " ", row.count);
    row.item = make("li", "", row.label);
    rows.set(name, row);
    return row;
  };
  const counted = (row, count) => {
    row.count.textContent = count;
    const none = count === 0;
    row.label.classList.toggle("none", none);
    row.input.disabled = none && !row.input.checked && row.input !== document.activeElement;
    if (row.name.includes("/") && kind === "folders") row.input.setAttribute("aria-label", `${row.name} ${count}`);
  };

  const chosen = () => [...rows.values()].filter(({ input }) => input.checked).map(({ name }) => name);
  const reveal = (row) => {
    for (let parent = above(row.name); parent; parent = above(parent.name)) unfold(parent, true);
  };
  const set = (names = []) => {
    for (const row of rows.values()) row.input.checked = false;
    for (const name of names) {
      const row = rows.get(name) ?? added(name);
      row.input.checked = true;
      row.input.disabled = false;
      if (!row.item.isConnected) list.prepend(row.item);
      reveal(row);
    }
  };

  // Rows change their places only while the keyboard is elsewhere.
  const show = (values, more) => {
    cut = more;
    const still = list.contains(document.activeElement);
    const listed = values.map(({ name, label, count }) => {
      const row = rows.get(name) ?? added(name);
      row.text.textContent = label;
      counted(row, count);
      return row;
    });
    for (const row of [...rows.values()].filter((other) => !listed.includes(other)))
      if (row.input.checked || row.item.contains(document.activeElement)) counted(row, 0);
      else row.item.remove(), rows.delete(row.name);
    for (const row of listed) {
      const parent = above(row.name);
      if (!still || !row.item.isConnected) (parent ? insideOf(parent) : list).append(row.item);
    }
    for (const row of listed) if (row.input.checked) reveal(row);
    search.hidden = !cut && rows.size <= FEW;
    fieldset.querySelector(".more").hidden = !cut;
    sift();
  };

  const sift = () => {
    const text = plain(search.value);
    for (const row of rows.values()) {
      row.item.hidden = !cut && text !== "";
      if (row.inside) unfold(row, row.open);
    }
    for (const row of text ? rows.values() : []) {
      if (!plain(`${row.name} ${row.text.textContent}`).includes(text)) continue;
      row.item.hidden = false;
      for (let parent = above(row.name); parent; parent = above(parent.name)) parent.item.hidden = parent.inside.hidden = false;
    }
    fieldset.querySelector(".nothing span").hidden = shown().length > 0;
    if (!shown().some(({ tabIndex }) => tabIndex === 0)) rove(shown()[0]);
  };
  const shown = () => all("[type=checkbox]", list).filter((input) => !input.disabled && !input.closest("[hidden]"));
  const rove = (input) => {
    for (const row of rows.values()) {
      row.input.tabIndex = row.input === input ? 0 : -1;
      if (row.toggle) row.toggle.tabIndex = row.input.tabIndex;
    }
  };

  let timer;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    if (cut) timer = setTimeout(look, PAUSE);
    else sift();
  });
  list.addEventListener("focusin", ({ target }) => rove(target.closest("li").querySelector("input")));
  fieldset.addEventListener("keydown", (event) => {
    if (event.isComposing || !(event.target === search || list.contains(event.target))) return;
    const inputs = shown();
    const at = inputs.indexOf(event.target.closest("li")?.querySelector("input"));
    const row = rows.get(inputs[at]?.value);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: inputs.length - 1 }[event.key];
    const side = { ArrowRight: true, ArrowLeft: false }[event.key];
    if (at < 0 && event.key !== "ArrowDown") return;
    if (to !== undefined) (to < 0 && !search.hidden ? search : inputs[to])?.focus();
    else if (side !== undefined && row?.toggle && row.open !== side) unfold(row, side);
    else if (side === false && above(row.name)) above(row.name).input.focus();
    else if (side === true && row?.toggle) row.inside.querySelector("input:enabled")?.focus();
    else return;
    event.preventDefault();
  });
  return { chosen, set, show, sought: () => (cut ? search.value.trim() : ""), forget: () => (search.value = "") };
};
