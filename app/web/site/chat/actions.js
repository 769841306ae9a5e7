// Buttons of answers: chips that leave out part of a question's context, examples that ask themselves, links to copy.
import { copied } from "../clipboard.js";
import { linkOf, written } from "./address.js";
import { again, ask, turnOf } from "./conversation.js";
import { choose } from "./filters.js";
import { all, box, texts } from "./page.js";

// The turn is answered anew; the chip that replaces this one gets the keyboard.
const press = async (chip) => {
  const turn = turnOf(chip);
  const left = all(".chip.off", turn.element).map((other) => other.value);
  const ignore = chip.matches(".off") ? left.filter((key) => key !== chip.value) : [...left, chip.value];
  if (!(await again(turn, { ignore })) || document.activeElement !== document.body) return;
  all(".chip", turn.element)
    .find((other) => other.value === chip.value)
    ?.focus();
};

const copy = async (button) => {
  const text = button.textContent;
  const done = await copied(linkOf(turnOf(button)));
  button.textContent = done ? texts.copied : texts.copy_failed;
  setTimeout(() => (button.textContent = text), 2000);
};

addEventListener("click", ({ target }) => {
  const button = target.closest?.("button");
  if (button?.matches("#chat .chip")) press(button);
  else if (button?.matches(".copy-link")) copy(button);
  else if (button?.matches(".example")) ask(button.textContent).then((turn) => turn && written());
  else if (button?.matches("#start .topic")) choose("folders", button.value);
  else return;
  if (button.matches(".example, .topic")) box()?.focus();
});
