// Buttons of answers: chips that leave out part of a question's context, and examples that ask themselves.
import { ask } from "./asking.js";
import { all, box, send, until } from "./page.js";

const rows = () => all("#chat .bot-row");

// The turn is answered anew; the chip that replaces this one gets the keyboard.
const press = (chip) => {
  const turn = rows().indexOf(chip.closest(".bot-row"));
  const left = all(".chip.off", rows()[turn]).map((other) => other.value);
  const ignore = chip.matches(".off") ? left.filter((key) => key !== chip.value) : [...left, chip.value];
  until(() => {
    if (document.contains(chip)) return false;
    const now = all(".chip", rows()[turn]).find((other) => other.value === chip.value);
    if (document.activeElement === document.body) now?.focus();
    return true;
  });
  send("again", JSON.stringify({ turn, ignore }));
};

addEventListener("click", ({ target }) => {
  const chip = target.closest?.("#chat .chip");
  const example = target.closest?.("#chat .example");
  if (chip) press(chip);
  if (!example) return;
  ask(example.textContent);
  box().focus();
});
