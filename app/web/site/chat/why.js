// Why a passage was found, asked of the server when its line is first opened. All of it is put in as text.
import { turnOf } from "./conversation.js";
import { box, filled, make, post, spanOf, texts } from "./page.js";

const { why: text, ways } = texts; // `ways` has the texts of chips, by kind

const request = (passage) => {
  const { question, earlier, ignore } = turnOf(passage);
  return {
    question,
    ...spanOf(passage),
    history: earlier.filter((each) => each.trim() && each.length <= box().maxLength).map((each) => ({ question: each })),
    ignore,
  };
};

const wordList = (words) => {
  if (!words.length) return [make("p", "", text.none)];
  const most = Math.max(...words.map(({ weight }) => weight));
  const items = words.map(({ word, weight }) => {
    const bar = make("span", "bar");
    bar.style.inlineSize = `${(8 * weight) / most}em`;
    return make("li", "", make("bdi", "", word), bar);
  });
  return [make("p", "name", text.words), make("ol", "words", ...items)];
};

const shaded = (shares, quote, start) => {
  const most = Math.max(...shares.map(({ share }) => share));
  const parts = [];
  let shown = 0;
  for (const { start: from, end, share } of shares) {
    const word = make("span", "share", quote.slice(from - start, end - start).join(""));
    word.style.setProperty("--share", most > 0 ? Math.max(0, share / most).toFixed(3) : 0);
    parts.push(quote.slice(shown, from - start).join(""), word);
    shown = end - start;
  }
  return make("p", "shares", ...parts, quote.slice(shown).join(""));
};

const thought = ({ probability, answer }) => {
  const [before, after] = text.reader.split("{share}");
  const words = answer ? [" ", make("bdi", "", `“${answer}”`)] : [];
  return [make("p", "name", `${before}${Math.round(100 * probability)}${after}`), make("p", "", ...words)];
};

// A line for each chip of the question: whether the passage is as it asks.
const fitting = (preferences) =>
  preferences.map((mention) => {
    const chip = filled(ways[`${mention.kind}.${mention.value}`] ?? ways[mention.kind], mention);
    return make("p", "fit", filled(mention.fits ? text.fits : text.fits_not, { chip }));
  });

const explain = ({ words, sentence, shares, reader, preferences }, quote, start) => {
  const best = quote.slice(sentence.start - start, sentence.end - start).join("");
  const parts = [...fitting(preferences), ...wordList(words), make("p", "name", text.sentence), make("p", "", best)];
  if (reader) parts.push(...thought(reader));
  return shares ? [...parts, make("p", "name", text.shares), shaded(shares, quote, start)] : parts;
};

const fill = async (details) => {
  details.querySelector(".because")?.remove();
  const box = make("div", "because");
  box.setAttribute("aria-live", "polite");
  details.append(box);
  const asked = request(details.closest(".passage"));
  const found = await post("api/why", asked);
  // What failed is asked again when it is opened again.
  box.append(...(found ? explain(found, [...found.quote], asked.start) : [make("p", "failed", text.failed)]));
};

addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches?.("#chat .why[open]")) return;
    if (!target.querySelector(".because") || target.querySelector(".because > .failed")) fill(target);
  },
  true,
);
