"use strict";
// A click on a column's head sorts the table by it; without this script the table stands in the order of names.
const value = (row, place) => {
  const cell = row.cells[place];
  return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
};

const compare = (one, other) => {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === typeof other) return one.localeCompare(other, undefined, { numeric: true });
  return typeof one === "number" ? 1 : -1; // whoever has no points stands below those who have none earned
};

for (const table of document.querySelectorAll("table.roll")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(head.firstChild);
    head.prepend(button);
    button.addEventListener("click", () => {
      const way = head.getAttribute("aria-sort") === (place ? "descending" : "ascending") ? -1 : 1;
      const sign = place ? -way : way; // points begin with the most, names with A
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
      const rows = [...body.rows];
      rows.sort((one, other) => sign * compare(value(one, place), value(other, place)));
      body.append(...rows);
    });
  });
}
