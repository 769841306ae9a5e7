// An asker's word on an answer or a passage: one press is kept, another takes it back.
import { turnOf, turns } from "./conversation.js";
import { all, post, spanOf, tell, texts } from "./page.js";

const said = texts.feedback;
const keyOf = (button) => JSON.stringify(spanOf(button.closest(".passage")));
const isPressed = ({ words }, button) =>
  button.matches(".helps") ? String(words.helpful) === button.value : words.passages.includes(keyOf(button));

// An answer that was given anew has a new token, and no words yet.
const show = () => {
  for (const turn of turns.filter((each) => each.html !== undefined)) {
    if (turn.words?.answer !== turn.feedback) turn.words = { answer: turn.feedback, helpful: null, passages: [] };
    turn.element.querySelector(".words").hidden = !turn.feedback;
    for (const button of all(".word", turn.element)) button.ariaPressed = String(isPressed(turn, button));
  }
};
addEventListener("conversation", show);
show(); // a conversation that the tab has kept was drawn before

const press = async (button) => {
  const turn = turnOf(button);
  const { words } = turn;
  const pressed = !isPressed(turn, button);
  const word = button.matches(".helps")
    ? { helpful: pressed ? button.value === "true" : null }
    : { passage: { ...spanOf(button.closest(".passage")), pressed } };
  if (!(await post("feedback", { answer: words.answer, ...word }, () => tell("told", said.failed)))) return;
  if (word.passage) {
    const others = words.passages.filter((key) => key !== keyOf(button));
    words.passages = pressed ? [...others, keyOf(button)] : others;
  } else words.helpful = word.helpful;
  tell("told", "");
  tell("heard", pressed ? said.thanks : said.back);
  dispatchEvent(new Event("conversation"));
};
addEventListener("click", ({ target }) => {
  const button = target.closest?.("#chat .word");
  if (button) press(button);
});
