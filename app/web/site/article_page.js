// Copies the citation: the quote, what it is from, and the address of this very place.
(() => {
  const button = document.getElementById("copy");
  if (!button) return;
  const status = document.getElementById("copy-status");
  const { quote, about, copied, failed } = button.dataset;

  const address = () => {
    const here = new URL(location.href);
    here.searchParams.delete("language"); // whoever opens it reads in a language of their own
    return here.href;
  };

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

  button.addEventListener("click", async () => {
    const text = `“${quote}”\n${about}\n${address()}`;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = copyByHand(text);
    }
    status.textContent = done ? copied : failed;
  });
  button.hidden = false;
})();
