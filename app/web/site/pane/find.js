// Finds words in the article of a frame: all matches are marked, and one after the other is brought into sight.
const MOST = 2000; // matches that are marked

const pattern = (words) => {
  const parts = words.trim().split(/\s+/u);
  return new RegExp(parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("\\s+"), "giu");
};

// The pieces of text below an element, each with its first position in the whole.
const pieces = (element) => {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    found.push({ node, first: text.length });
    text += node.data;
  }
  return { found, text };
};

// The place of a position in a text, searched from the piece that was last in use.
const placed = (found, position, from) => {
  let index = from;
  while (index + 1 < found.length && found[index + 1].first < position) index += 1;
  return { index, node: found[index].node, offset: position - found[index].first };
};

// The ranges of all matches of some words below an element.
export const matches = (element, words) => {
  if (!element || !words.trim()) return [];
  const { found, text } = pieces(element);
  const ranges = [];
  let index = 0;
  for (const match of text.matchAll(pattern(words))) {
    const start = placed(found, match.index + 1, index); // its first character, not the end of the piece before
    const end = placed(found, match.index + match[0].length, start.index);
    const range = element.ownerDocument.createRange();
    range.setStart(start.node, start.offset - 1);
    range.setEnd(end.node, end.offset);
    ranges.push(range);
    index = start.index;
    if (ranges.length === MOST) break;
  }
  return ranges;
};

// Marks the ranges, the chosen one otherwise than the rest, and scrolls to it.
export const mark = (view, ranges, chosen) => {
  view.CSS.highlights?.clear();
  if (!ranges.length) return;
  if (view.CSS.highlights) {
    view.CSS.highlights.set("found", new view.Highlight(...ranges));
    view.CSS.highlights.set("chosen", new view.Highlight(ranges[chosen]));
  } else {
    view.getSelection().removeAllRanges();
    view.getSelection().addRange(ranges[chosen]);
  }
  const { top } = ranges[chosen].getBoundingClientRect();
  view.scrollTo({ top: view.scrollY + top - view.innerHeight / 3 });
};
