"use strict";
(() => {
  const table = document.getElementById("matrix");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const find = document.getElementById("find");
  const state = document.getElementById("state");
  const shown = document.getElementById("shown");

  const words = (text) =>
    text.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/đ/gi, "d").toLowerCase()
      .split(/[^0-9a-z]+/).filter(Boolean);

  const sortBy = (place) => {
    const head = heads[place];
    const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
    const key = (row) => Number(row.cells[place].dataset.sort);
    // rows that are equal stay in the order of the plan, whichever way
    body.append(...[...rows].sort((a, b) => way * (key(a) - key(b))));
  };

  const filter = () => {
    const wanted = words(find.value);
    let count = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => row.dataset.find.includes(word))
        && (!state.value || row.dataset.is.split(" ").includes(state.value));
      row.hidden = !fits;
      count += fits;
    }
    shown.className = count === rows.length ? "" : "filtered";
    shown.textContent = count === rows.length
      ? `${rows.length} cơ quan`
      : `Đang lọc: ${count} trong ${rows.length} cơ quan`;
  };

  heads.forEach((head, place) =>
    head.querySelector("button").addEventListener("click", () => sortBy(place)));
  find.addEventListener("input", filter);
  state.addEventListener("change", filter);
  document.getElementById("clear").addEventListener("click", () => {
    find.value = "";
    state.value = "";
    filter();
    find.focus();
  });
  document.querySelector(".controls").hidden = false;
  filter();
})();
