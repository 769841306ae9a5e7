// In a frame: the wishes of the portal around it, the size of its panel, and a link that takes the conversation along.
import { linkOfAll, storage } from "./chat/address.js";
import { all, make } from "./chat/page.js";

const framed = window.parent !== window;
const wished = new URLSearchParams(framed ? location.search : ""); // on a page of its own anybody may write its address

const bounded = (text, most) => [...text.trim()].slice(0, most).join("");
const luminance = (color) => {
  const [r, g, b] = color.map((value) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
// The colour, mixed with black or white until it can be read on a ground. The grounds are --quoted of palette.css,
// on which text is harder to read than on paper.
const readable = (color, ground, end) => {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = color.map((value) => Math.round(value + (end - value) * share));
    if (contrast(mixed, ground) >= 4.6) return `rgb(${mixed})`;
  }
  return `rgb(${[end, end, end]})`;
};

const paint = (digits) => {
  const color = digits.match(/../g).map((pair) => parseInt(pair, 16));
  const { style } = document.documentElement;
  const [light, dark] = [readable(color, [244, 247, 251], 0), readable(color, [29, 34, 43], 255)];
  style.setProperty("--accent", `light-dark(${light}, ${dark})`);
  style.setProperty("--button", `#${digits}`);
  style.setProperty("--on-button", contrast(color, [0, 0, 0]) > contrast(color, [255, 255, 255]) ? "#000" : "#fff");
};
if (/^[0-9a-f]{6}$/.test(wished.get("color") ?? "")) paint(wished.get("color"));

const greeting = bounded(wished.get("greeting") ?? "", 200);
if (greeting) document.querySelector("#start .greeting").textContent = greeting;

const suggestions = wished.getAll("suggestion").map((text) => bounded(text, 200));
const offered = suggestions.filter((text) => text).slice(0, 4);
if (offered.length) {
  const list = document.querySelector("#start .examples") ?? make("ul", "examples");
  list.replaceChildren(...offered.map((text) => make("li", "", make("button", "example", text))));
  if (!list.isConnected) document.querySelector("#start .undo").before(list);
}

const link = document.querySelector("#tab");
link.hidden = !framed;
const follow = () => (link.href = linkOfAll());
for (const kind of ["pointerdown", "click", "focus"]) link.addEventListener(kind, follow);
addEventListener("conversation", follow);
follow();

const SIZE = /^citewell:size (\d{3,4}) (\d{3,4})$/;
addEventListener("message", (event) => {
  if (!framed || event.source !== window.parent) return;
  if (SIZE.test(event.data)) storage?.setItem("citewell-size", event.data);
});
const size = framed && storage?.getItem("citewell-size");
if (size && SIZE.test(size)) window.parent.postMessage(size, "*");
