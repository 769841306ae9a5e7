// Saves the whole conversation as a file, with its citations, receipts and the name of the build.
import { turns } from "./conversation.js";
import { all } from "./page.js";

const title = document.querySelector("h1").textContent;
const absolute = (text) => text.replace(/(?<!\\)\]\(\//g, `](${location.origin}/`);
const marked = (line) => `## ${line.replace(/[\\`*_[\]<>#|~$&]/g, "\\$&").replace(/\s+/g, " ")}`;

const asMarkdown = () => {
  const parts = turns.map((turn) => `${marked(turn.question)}\n\n${absolute(turn.markdown)}`);
  return [`# ${title}`, ...parts].join("\n\n") + "\n";
};

// A page of its own, without scripts: the conversation as it is drawn, folded parts open, with the chat's own styles.
const asPage = async () => {
  const copy = document.querySelector("#chat").cloneNode(true);
  for (const element of all("button, .why, .next, .actions", copy)) element.remove();
  for (const details of all("details", copy)) details.open = true;
  for (const link of all("a[href]", copy)) {
    const address = new URL(link.getAttribute("href"), document.baseURI);
    address.searchParams.delete("try"); // it is the key to a visitor's own files
    link.href = address.href;
  }
  const sheets = ["palette", "chat/answer"].map((name) => fetch(`site/${name}.css`).then((response) => response.text()));
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = document.documentElement.lang;
  const style = page.createElement("style");
  style.textContent = (await Promise.all(sheets)).join("\n");
  const meta = page.createElement("meta");
  meta.setAttribute("charset", "utf-8");
  page.head.prepend(meta);
  page.head.append(style);
  const heading = page.createElement("h1");
  heading.textContent = title;
  page.body.append(heading, page.importNode(copy, true));
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
};

const KINDS = { markdown: ["md", "text/markdown", asMarkdown], html: ["html", "text/html", asPage] };
const save = async (kind) => {
  const [suffix, media, made] = KINDS[kind];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await made()], { type: `${media};charset=utf-8` }));
  link.download = `${title.replace(/[^\p{L}\p{N}]+/gu, "-")}.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
for (const button of all("[data-save]")) button.addEventListener("click", () => save(button.dataset.save));
