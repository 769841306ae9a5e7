// Copies the citation: the quote, its article, and the address of this very place.
import { copied } from "./clipboard.js";

const button = document.getElementById("copy");

button?.addEventListener("click", async () => {
  const { quote, about, copied: done, failed } = button.dataset;
  const address = new URL(location.href);
  address.searchParams.delete("language"); // whoever opens it reads in a language of their own
  address.searchParams.delete("try"); // it is the key to a visitor's own files
  const text = `“${quote}”\n${about}\n${address.href}`;
  document.getElementById("copy-status").textContent = (await copied(text)) ? done : failed;
});
button?.removeAttribute("hidden");
