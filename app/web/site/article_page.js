// Copies the citation: the quote, its article, and the address of this very place.
const button = document.getElementById("copy");

// The clipboard's own interface exists on https and localhost alone; the old way still works on http.
const copyByHand = (text) => {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  button.focus();
  return done;
};

button?.addEventListener("click", async () => {
  const { quote, about, copied, failed } = button.dataset;
  const address = new URL(location.href);
  address.searchParams.delete("language"); // whoever opens it reads in a language of their own
  const text = `“${quote}”\n${about}\n${address.href}`;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    done = copyByHand(text);
  }
  document.getElementById("copy-status").textContent = done ? copied : failed;
});
button?.removeAttribute("hidden");
