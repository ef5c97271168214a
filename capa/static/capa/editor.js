/* The structured editors work without any script. This one only gives back what was kept: a draft with other rows than
   the page, and a form whose session ended meanwhile. */
"use strict";
(() => {
  const form = document.querySelector("form[data-structure]");
  if (!form) return;

  /* A kept draft may have rows that the page lacks: the server lays the page out anew from everything that was typed. */
  form.addEventListener("khung:restore", (event) => {
    for (const [name, value] of event.detail) {
      if (name === "expected" || name === "do") continue;
      const field = form.elements.namedItem(name);
      if (field && field.type !== "hidden") continue;
      if (field) { field.value = value; continue; }
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    setTimeout(() => form.requestSubmit(form.querySelector("[value='check']")));
  });

  /* After a new log-in in another tab this page's token is old: fetch the present one before saving. */
  if (!("staleToken" in form.dataset)) return;
  form.addEventListener("submit", async (event) => {
    if (form.dataset.staleToken === "fresh") return;
    event.preventDefault();
    const submitter = event.submitter;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const token = page.querySelector("form[data-structure] [name=csrfmiddlewaretoken]")?.value;
      if (!token) { location.hash = "main"; return; }
      form.querySelector("[name=csrfmiddlewaretoken]").value = token;
    } catch { return; }
    form.dataset.staleToken = "fresh";
    form.requestSubmit(submitter);
  });
})();
