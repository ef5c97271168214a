/* Draws the table of shares as bars. The table stands below it with the same numbers: without this file nothing is
   lost. Figures overlap, so each bar is a share of its own whole and never a part of another. */
"use strict";
(() => {
  const canvas = document.querySelector("[data-shares]");
  const table = document.getElementById(canvas?.dataset.shares ?? "");
  if (!canvas || !table || !window.Chart) return;
  const rows = [...table.querySelectorAll("[data-percent]")];
  const ink = getComputedStyle(document.documentElement).getPropertyValue("--khung-navy").trim() || "#1d3557";
  const said = (row) => `${row.dataset.part}/${row.dataset.whole} (${row.dataset.said} %)`;
  canvas.parentElement.hidden = false;
  new Chart(canvas, {
    type: "bar",
    data: {
      labels: rows.map((row) => row.dataset.key),
      datasets: [{ data: rows.map((row) => Number(row.dataset.percent)), backgroundColor: ink, maxBarThickness: 22 }],
    },
    options: {
      indexAxis: "y",
      animation: false,
      maintainAspectRatio: false,
      scales: { x: { min: 0, max: 100, ticks: { callback: (value) => `${value} %` } } },
      plugins: { legend: { display: false }, tooltip: { callbacks: { label: (item) => said(rows[item.dataIndex]) } } },
    },
  });
})();
