// The range of dates: two fields, and periods that fill them in.
import { all } from "../page.js";

// The first or last day of what is written as a year, a month or a day.
const dayOf = (written, name) => {
  const [year, month, day] = written.split("-");
  if (!year || day) return written;
  if (name === "since") return `${year}-${month ?? "01"}-01`;
  return `${year}-${month ?? "12"}-${new Date(Date.UTC(Number(year), Number(month ?? 12), 0)).getUTCDate()}`;
};

export const datesOf = (fieldset, changed) => {
  const inputs = all("input", fieldset);
  const buttons = all(".periods button", fieldset);
  const order = fieldset.querySelector(".order span");

  // What is written stays as it is until the day in the field is another: a year says more than its days, and what is
  // no date is told by the answer.
  const chosen = () => {
    const range = {};
    for (const { name, value, dataset } of inputs) {
      const written = value === dataset.day ? dataset.written : value;
      if (written) range[name] = written;
    }
    return range;
  };
  const bounded = () => {
    const [since, until] = inputs;
    // Only where it is another: a change of these limits empties a field whose date is half typed.
    if (until.min !== since.value) until.min = since.value;
    if (since.max !== until.value) since.max = until.value;
    const wrong = since.validity.rangeOverflow || until.validity.rangeUnderflow;
    order.hidden = !wrong || inputs.includes(document.activeElement); // nothing is said of half a year
    const { since: first = "", until: last = "" } = chosen();
    for (const button of buttons)
      button.setAttribute("aria-pressed", first === (button.dataset.since ?? "") && last === (button.dataset.until ?? ""));
  };
  const set = (range) => {
    for (const input of inputs) {
      input.dataset.written = range[input.name] ?? "";
      input.value = dayOf(input.dataset.written, input.name);
      input.dataset.day = input.value;
    }
    bounded();
  };
  const show = (periods) => {
    for (const { name, since, until, count } of periods) {
      const button = buttons.find((other) => other.name === name);
      Object.assign(button.dataset, { since, until });
      button.querySelector("span").textContent = count;
    }
    bounded();
    for (const button of buttons)
      button.disabled =
        button.querySelector("span")?.textContent === "0" &&
        button.getAttribute("aria-pressed") === "false" &&
        button !== document.activeElement;
  };
  fieldset.addEventListener("input", bounded);
  fieldset.addEventListener("focusout", () => setTimeout(bounded));
  fieldset.addEventListener("click", ({ target }) => {
    const button = target.closest(".periods button");
    if (!button) return;
    set(button.dataset);
    changed();
  });
  return { chosen, set, show };
};
