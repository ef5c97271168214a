/* The structured editor in place: rows without a round trip, picking an act, getting a kept draft back.
   Without this file every button still works through the server. */
"use strict";
(() => {
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const rowsOf = (section) => form.querySelector(`#b-${CSS.escape(section)} [data-rows]`);
  const changed = (rows) => {
    rows.dispatchEvent(new Event("input", { bubbles: true }));
    rows.dispatchEvent(new Event("khung:rows", { bubbles: true }));
  };

  /* Places follow the order on the page: names, ids, labels and buttons all carry the place. */
  const place = (text, section, at, dot) => text.replace(new RegExp(`^(${section}${dot})[0-9]+`), `$1${at}`);
  const renumber = (section) => {
    [...rowsOf(section).children].forEach((row, at) => {
      const label = row.querySelector("[data-row-number]");
      label.textContent = label.textContent.replace(/[0-9]+\s*$/, at + 1);
      row.id = `${section}-${at}`;
      row.setAttribute("aria-label", label.textContent);
      for (const el of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
        if (el.name && el.name !== "do") el.name = place(el.name, section, at, "\\.");
        if (el.id) el.id = place(el.id, section, at, "-");
        if (el.htmlFor) el.htmlFor = place(el.htmlFor, section, at, "-");
        if (el.hasAttribute("hx-params")) el.setAttribute("hx-params", place(el.getAttribute("hx-params"), section, at, "\\."));
        const said = el.getAttribute("aria-describedby");
        if (said) el.setAttribute("aria-describedby", place(said, section, at, "-"));
      }
      for (const button of row.querySelectorAll("button[name=do]")) {
        button.value = button.value.replace(new RegExp(`^([a-z]+:${section}:)[0-9]+`), `$1${at}`);
        const name = button.getAttribute("aria-label");
        if (name) button.setAttribute("aria-label", name.replace(/[0-9]+\s*$/, at + 1));
      }
    });
  };

  const blank = (section) => {
    const template = form.querySelector(`#b-${CSS.escape(section)} template[data-blank]`);
    const row = template.content.firstElementChild.cloneNode(true);
    rowsOf(section).append(row);
    window.htmx?.process(row);
    return row;
  };

  /* What was dropped can be had back until the page is left. */
  const undo = form.querySelector("[data-undo]");
  let dropped = null;
  const drop = (section, row) => {
    const rows = rowsOf(section);
    dropped = { section, row, before: row.nextElementSibling };
    undo.querySelector("[data-undo-text]").textContent = row.getAttribute("aria-label") + " ✕";
    row.remove();
    undo.hidden = false;
    const next = dropped.before ?? rows.lastElementChild;
    (next?.querySelector("button[name=do]") ?? form.querySelector(`#b-${CSS.escape(section)} > button[name=do]`))?.focus();
  };
  undo.querySelector("[data-undo-button]").addEventListener("click", () => {
    if (!dropped) return;
    const rows = rowsOf(dropped.section);
    rows.insertBefore(dropped.row, dropped.before?.parentNode === rows ? dropped.before : null);
    renumber(dropped.section);
    changed(rows);
    dropped.row.querySelector("textarea")?.focus();
    dropped = null;
    undo.hidden = true;
  });

  const setNumber = (cell, number) => {
    const field = cell.querySelector("[data-number]");
    field.value = number;
    cell.classList.remove("wrong");
    cell.querySelector(".suggest").replaceChildren();
    return field;
  };

  const press = (verb, section, row, value, button) => {
    const rows = rowsOf(section);
    if (verb === "add") blank(section).scrollIntoView({ block: "nearest" });
    else if (verb === "up" && row.previousElementSibling) row.previousElementSibling.before(row);
    else if (verb === "down" && row.nextElementSibling) row.nextElementSibling.after(row);
    else if (verb === "drop") drop(section, row);
    else if (verb === "swap") {
      const cell = button.closest(".cell-law");
      const field = setNumber(cell, value);
      cell.querySelector("[data-law-note]").textContent = "✓ " + value;
      field.focus();
    }
    renumber(section);
    changed(rows);
    if (verb === "add") rows.lastElementChild.querySelector("textarea").focus();
    if (verb === "up" || verb === "down") button.focus();
  };

  form.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (pick) {
      const cell = pick.closest(".cell-law");
      const tag = pick.querySelector(".tag");
      cell.querySelector("[data-law-note]").replaceChildren(...(tag ? [tag.cloneNode(true)] : []));
      setNumber(cell, pick.dataset.pick).focus();
      changed(rowsOf("legal_basis"));
      return;
    }
    const button = event.target.closest("button[name=do]");
    const [, verb, section, , value] = button?.value.match(/^(add|up|down|drop|swap):([a-z_]+)(:[0-9]+)?:?(.*)$/) ?? [];
    if (!verb || !rowsOf(section)) return;
    event.preventDefault();
    press(verb, section, button.closest("[data-row]"), value, button);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const list of form.querySelectorAll(".suggest")) list.replaceChildren();
  });

  /* A kept draft may have other rows than the page: make room before the shell fills the fields, and put back the
     rows' own keys, which are hidden fields that the shell leaves alone. */
  form.addEventListener("khung:restore", (event) => {
    const pairs = event.detail;
    const wanted = new Map();
    for (const [name] of pairs) {
      const [, section, at] = name.match(/^([a-z_]+)\.([0-9]+)\.[a-z]+$/) ?? [];
      if (section) wanted.set(section, Math.max(wanted.get(section) ?? 0, Number(at) + 1));
    }
    for (const template of form.querySelectorAll("template[data-blank]")) {
      const section = template.closest("[data-section]").dataset.section;
      const rows = rowsOf(section);
      while (rows.children.length > (wanted.get(section) ?? 0)) rows.lastElementChild.remove();
      while (rows.children.length < (wanted.get(section) ?? 0)) blank(section);
      renumber(section);
      for (const note of rows.querySelectorAll("[data-law-note]")) note.replaceChildren();
    }
    for (const [name, value] of pairs) {
      if (/^[a-z_]+\.[0-9]+\.key$/.test(name)) form.elements.namedItem(name).value = value;
    }
  });

  /* After a new log-in in another tab this page's token is old: fetch the present one before saving. */
  if ("staleToken" in form.dataset) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.staleToken === "fresh") return;
      event.preventDefault();
      const submitter = event.submitter;
      try {
        const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
        const token = page.querySelector("form[data-editor] [name=csrfmiddlewaretoken]")?.value;
        const expected = page.querySelector("form[data-editor] [name=expected]");
        if (!token || !expected) { location.hash = "main"; return; }
        form.querySelector("[name=csrfmiddlewaretoken]").value = token;
      } catch (error) { return; }
      form.dataset.staleToken = "fresh";
      form.requestSubmit(submitter);
    });
  }
})();
