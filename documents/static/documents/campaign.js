/* Ticking a whole unit at once, and counting what is ticked. Without this file items are ticked one by one. */
"use strict";
(() => {
  const form = document.querySelector("form[data-bulk]");
  if (!form) return;
  const boxes = (root) => [...root.querySelectorAll("input[name=item]")];
  const count = form.querySelector("[data-ticked]");
  const recount = () => { if (count) count.textContent = String(boxes(form).filter((box) => box.checked).length); };
  for (const button of form.querySelectorAll("[data-tick-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const mine = boxes(button.closest("section"));
      const tick = mine.some((box) => !box.checked);
      for (const box of mine) box.checked = tick;
      mine[0]?.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  /* On a wide screen the first tick opens the decision; on a phone it would cover the list. */
  const panel = form.querySelector("details.bulk");
  form.addEventListener("change", (event) => {
    recount();
    if (panel && event.target.checked && matchMedia("(min-width: 821px)").matches) panel.open = true;
  });
  /* Only the answers that the chosen decision asks for. */
  const action = form.querySelector("select[name=action]");
  const fit = () => {
    for (const field of form.querySelectorAll("[data-for]")) field.parentElement.hidden = field.dataset.for !== action.value;
  };
  if (action) { action.addEventListener("change", fit); fit(); }
  recount();
})();
