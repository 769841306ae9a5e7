// What answers offer: chips that leave out what a question was read with, examples that ask themselves.
import { ask } from "./asking.js";
import { send } from "./typing.js";

const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const rows = () => all("#chat .bot-row");

// The turn is answered anew; the chip, which is another one then, keeps the keyboard.
const press = (chip) => {
  const turn = rows().indexOf(chip.closest(".bot-row"));
  const left = all(".chip.off", rows()[turn]).map((other) => other.value);
  const ignore = chip.matches(".off") ? left.filter((key) => key !== chip.value) : [...left, chip.value];
  const follow = new MutationObserver(() => {
    if (document.contains(chip)) return;
    follow.disconnect();
    const now = all(".chip", rows()[turn]).find((other) => other.value === chip.value);
    if (document.activeElement === document.body) now?.focus();
  });
  follow.observe(document.querySelector("#chat"), { childList: true, subtree: true });
  send("again", JSON.stringify({ turn, ignore }));
};

addEventListener("click", ({ target }) => {
  const chip = target.closest?.("#chat .chip");
  const example = target.closest?.("#chat .example");
  if (chip) press(chip);
  if (!example) return;
  ask(example.textContent);
  document.querySelector("#question textarea").focus();
});
