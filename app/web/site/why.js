// Why a passage was found, asked of the server when a reader first wants to know. All of it is put in as text.
const text = JSON.parse(document.body.dataset.why);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

const make = (name, kind, ...children) => {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.append(...children);
  return element;
};

// The quote as it stands in the article: the page shows each line break of it as an element.
const quoted = (card) => {
  const copy = card.querySelector("blockquote").cloneNode(true);
  for (const end of all("br", copy)) end.replaceWith("\n");
  return [...copy.textContent]; // code points, as spans count them
};

// What to ask: the card's own link says which passage it is, the conversation what was asked.
const request = (card) => {
  const turns = all("#chat .bot-row");
  const turn = turns.indexOf(card.closest(".bot-row"));
  const { questions } = JSON.parse(document.querySelector("#conversation textarea").value);
  const link = new URL(card.querySelector(".title").href);
  const below = new URL("articles/", document.baseURI).pathname;
  return {
    question: questions[turn],
    article: decodeURIComponent(link.pathname.slice(below.length)),
    start: Number(link.searchParams.get("start")),
    end: Number(link.searchParams.get("end")),
    history: questions
      .slice(0, turn)
      .filter((question) => question.trim())
      .map((question) => ({ question })),
    ignore: all(".chip.off", turns[turn]).map((chip) => chip.value),
  };
};

const words = (found) => {
  if (!found.length) return [make("p", "", text.none)];
  const most = Math.max(...found.map(({ weight }) => weight));
  const items = found.map(({ word, weight }) => {
    const bar = make("span", "bar");
    bar.style.inlineSize = `${(8 * weight) / most}em`;
    return make("li", "", make("bdi", "", word), bar);
  });
  return [make("p", "name", text.words), make("ol", "words", ...items)];
};

const shaded = (shares, quote, start) => {
  const most = Math.max(...shares.map(({ share }) => share));
  const parts = [];
  let place = 0;
  for (const { start: from, end, share } of shares) {
    const word = make("span", "share", quote.slice(from - start, end - start).join(""));
    word.style.setProperty("--share", most > 0 ? Math.max(0, share / most).toFixed(3) : 0);
    parts.push(quote.slice(place, from - start).join(""), word);
    place = end - start;
  }
  return make("p", "shares", ...parts, quote.slice(place).join(""));
};

const explain = (asked, found, quote) => {
  const { sentence, shares } = found;
  const chosen = quote.slice(sentence.start - asked.start, sentence.end - asked.start).join("");
  const told = [...words(found.words), make("p", "name", text.sentence), make("p", "", chosen)];
  return shares ? [...told, make("p", "name", text.shares), shaded(shares, quote, asked.start)] : told;
};

const fill = async (details) => {
  details.querySelector(".because")?.remove();
  const box = make("div", "because");
  box.setAttribute("aria-live", "polite");
  details.append(box);
  const card = details.closest(".card");
  const asked = request(card);
  try {
    const response = await fetch(new URL("api/why", document.baseURI), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
    });
    if (!response.ok) throw new Error(response.status);
    box.append(...explain(asked, await response.json(), quoted(card)));
  } catch {
    box.append(make("p", "failed", text.failed)); // and is asked again when it is opened again
  }
};

addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches?.("#chat .why[open]")) return;
    if (!target.querySelector(".because") || target.querySelector(".because > .failed")) fill(target);
  },
  true,
);
