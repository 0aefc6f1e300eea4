"use strict";
// Each piece of a notebook is in the page once, as a <template>; an execution is put together when it is opened.
const fill = (execution) => {
  const body = execution.querySelector(".notebook");
  if (body.childElementCount) return;
  for (const cell of body.dataset.cells.split(";").filter(Boolean)) {
    const [name, pieces] = cell.split(":");
    const section = document.createElement("section");
    const head = document.createElement("p");
    section.className = "cell";
    section.dataset.name = name;
    head.className = "cell-name";
    head.textContent = name;
    section.append(head);
    for (const piece of pieces.split(",")) {
      section.append(document.getElementById("p-" + piece).content.cloneNode(true));
    }
    body.append(section);
  }
};

const show = (id, name) => {
  const execution = document.getElementById(id);
  if (!execution || !execution.matches("details.execution")) return;
  fill(execution);
  execution.open = true;
  const cells = [...execution.querySelectorAll(".cell")];
  const cell = name && cells.find((each) => each.dataset.name === name);
  if (cell) cell.classList.add("sought");
  (cell || execution).scrollIntoView();
};

for (const execution of document.querySelectorAll("details.execution")) {
  execution.addEventListener("toggle", () => { if (execution.open) fill(execution); });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#n']");
  if (!link) return;
  event.preventDefault();
  history.pushState(null, "", link.hash);
  show(link.hash.slice(1), link.dataset.cell);
});
window.addEventListener("hashchange", () => show(location.hash.slice(1)));
show(location.hash.slice(1));
