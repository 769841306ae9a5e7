// A visitor's own files, on the page where they are uploaded and on the chat that asks them.
const base = new URL("../../", import.meta.url);
const language = new URLSearchParams(location.search).get("language");

// An address of this server, in the language of this page.
export const address = (path) => {
  const url = new URL(path, base);
  if (language) url.searchParams.set("language", language);
  return url;
};

// Sends a request about files. The header that names them is one that no page of another server can send.
export const send = async (path, token, body) => {
  const sent = { method: "POST", headers: { "x-try": token }, body };
  const response = await fetch(address(path), sent).catch(() => null);
  const found = (await response?.json().catch(() => null)) ?? {};
  return { ...found, ok: response?.ok ?? false };
};

// Shows a time as the clock of whoever reads it.
export const showTime = (time, until) => {
  time.dateTime = until;
  time.textContent = new Date(until).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
};

const own = document.querySelector("#top .own");
if (own) {
  const time = own.querySelector("time");
  showTime(time, time.dateTime);
  own.querySelector(".delete").addEventListener("click", async () => {
    await send("try/delete", new URLSearchParams(location.search).get("try"));
    location.replace(address("try"));
  });
}
