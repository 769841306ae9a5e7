// Sorts the tables of questions by the pressed column, and shows one kind of question alone.
const text = (row, column) => row.cells[column].innerText.trim();
const number = (value) => (value === "–" ? Infinity : Number(value));
for (const table of document.querySelectorAll(".questions"))
  table.tHead.addEventListener("click", ({ target }) => {
    const head = target.closest("th");
    if (!head) return;
    const falling = head.ariaSort === "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const column = head.cellIndex;
    const compare = (one, other) =>
      column > 3 ? number(text(one, column)) - number(text(other, column)) : text(one, column).localeCompare(text(other, column));
    const rows = [...table.tBodies[0].rows].sort((one, other) => (falling ? compare(other, one) : compare(one, other)));
    table.tBodies[0].append(...rows);
  });
document.getElementById("kind").addEventListener("change", ({ target }) => {
  for (const row of document.querySelectorAll(".questions tbody tr")) row.hidden = target.value !== "" && row.dataset.kind !== target.value;
});
