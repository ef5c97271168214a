/* The checklist in the field: each row is sent on its own, and what is typed stays on this machine until the server
   has said that it is saved. Without this file every row is an ordinary form. */
"use strict";
(() => {
  const list = document.querySelector("[data-checklist]");
  if (!list) return;
  const person = document.body.dataset.person;
  const prefix = `khung:draft:${person}:checklist:`;  /* khung.js forgets drafts of this prefix at log-out */
  const words = list.dataset;
  const SKIPPED = new Set(["csrfmiddlewaretoken", "question", "finding", "expected"]);
  const store = {
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* nothing to be done */ } },
    keys: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
  };
  const rows = () => [...list.querySelectorAll("[data-row-form]")];
  const rowOf = (form) => form.closest("[data-row]");
  const keyOf = (form) => `${prefix}${words.checklist}:${rowOf(form).dataset.row}`;
  const typed = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => !SKIPPED.has(name)).map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]));
  const same = (one, other) => ["result", "clause", "requirement", "statement", "sampled", "evidence_text"].every((name) => (one[name] || "") === (other[name] || ""));

  /* What the row says of itself, in words and at its edge. */
  const mark = (form, state, sentence = "") => {
    const row = rowOf(form);
    row.classList.remove("is-typed", "is-lost", "is-saved");
    if (state) row.classList.add(`is-${state}`);
    row.querySelector("[data-row-state]").textContent = sentence;
  };
  const bar = list.querySelector("[data-unsent]");
  const count = () => {
    const number = store.keys().filter((key) => key.startsWith(`${prefix}${words.checklist}:`)).length;
    bar.hidden = !number;
    bar.querySelector("[data-unsent-text]").textContent = number ? `${number} ${words.typed}` : "";
  };

  const fill = (form, fields) => {
    for (const field of form.elements) {
      if (!field.name || SKIPPED.has(field.name)) continue;
      if (field.type === "radio") field.checked = field.value === fields.result;
      else field.value = fields[field.name] ?? "";
    }
  };
  const keep = (form) => {
    const held = store.set(keyOf(form), { expected: form.elements.expected.value, fields: typed(form) });
    mark(form, held ? "typed" : "lost", held ? words.typed : words.lost);
    count();
  };

  /* Back from a lost connection or a reload: same version, the words go back in; another one, the person decides. */
  const restore = (form) => {
    const key = keyOf(form);
    const kept = store.get(key);
    if (!kept) return;
    if (same(kept.fields, typed(form))) { store.drop(key); return; }
    if (kept.expected === form.elements.expected.value) {
      fill(form, kept.fields);
      mark(form, "typed", words.typed);
      return;
    }
    const offer = form.querySelector("[data-row-offer]");
    offer.hidden = false;
    offer.querySelector("[data-row-restore]").addEventListener("click", () => { fill(form, kept.fields); offer.hidden = true; keep(form); });
    offer.querySelector("[data-row-drop]").addEventListener("click", () => { store.drop(key); offer.hidden = true; count(); });
  };

  /* After a new log-in in another tab this page's tokens are old: take those of a fresh page. */
  const renewTokens = async () => {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[data-row-form] [name=csrfmiddlewaretoken]")?.value;
    if (!token) return false;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
    return true;
  };

  const post = (form) => fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Khung-Script": "checklist" }, redirect: "manual" });
  const swap = (form, html, state) => {
    const row = rowOf(form);
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-row]");
    if (!fresh) return;
    const had = row.contains(document.activeElement);
    const blank = row.dataset.row === "x-new" && state === "saved" ? row.cloneNode(true) : null;
    row.replaceWith(fresh);
    const inside = fresh.querySelector("[data-row-form]");
    if (blank) {
      blank.querySelector("form").reset();
      fresh.after(blank);
      watch(blank.querySelector("form"));
      mark(blank.querySelector("form"), "");
    }
    if (state === "saved") fresh.classList.add("is-saved");
    if (inside) watch(inside);
    if (had) { const head = fresh.querySelector("h3"); head.tabIndex = -1; head.focus({ preventScroll: true }); }
  };

  const sending = new WeakSet();
  const send = async (form, again = true) => {
    if (sending.has(form)) return;
    sending.add(form);
    const key = keyOf(form);
    const sent = typed(form);
    keep(form);
    rowOf(form).querySelector("[data-row-state]").textContent = words.sending;
    try {
      const answer = await post(form);
      const state = answer.headers.get("X-Khung-Row");
      if (state === "saved" || state === "refused") {
        const html = await answer.text();
        const later = state === "saved" && !same(sent, typed(form)) ? typed(form) : null;  /* typed on while it was sent */
        if (state === "saved") store.drop(key);
        if (state === "saved" && words.total !== "seen") progress(form);
        swap(form, html, state);
        const inside = document.querySelector(`[data-row="${CSS.escape(rowName(key))}"] [data-row-form]`);
        if (later && inside) { fill(inside, later); keep(inside); }
        if (state === "refused" && inside) mark(inside, "lost", words.typed);
      } else if (again && (answer.status === 403 || answer.type === "opaqueredirect") && await renewTokens()) {
        sending.delete(form);
        await send(form, false);
      } else mark(form, "lost", state === "logged-out" || answer.type === "opaqueredirect" ? words.out : words.lost);
    } catch { mark(form, "lost", words.lost); }
    sending.delete(form);
    count();
  };
  const rowName = (key) => key.slice(`${prefix}${words.checklist}:`.length);

  const meter = document.querySelector("[data-progress]");
  const progress = (form) => {
    if (!form.elements.question.value || form.elements.finding.value) return;
    const gauge = meter.parentElement.querySelector("progress");
    gauge.value += 1;
    meter.textContent = meter.textContent.replace(/[0-9]+(?=\/)/, String(gauge.value));
  };

  const watch = (form) => {
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
  };
  rows().forEach((form) => { watch(form); restore(form); });
  count();

  const unsent = () => rows().filter((form) => store.get(keyOf(form)) && form.querySelector("[data-row-offer]").hidden && form.elements.result.value);
  const retry = async () => { for (const form of unsent()) await send(form); };
  bar.querySelector("[data-retry]").addEventListener("click", retry);
  window.addEventListener("online", retry);

  /* Logging out on purpose forgets this machine's drafts; say so while there are some. */
  document.querySelectorAll("form[data-forget]").forEach((form) => form.addEventListener("submit", (event) => {
    if (store.keys().length && !window.confirm(words.forget)) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, { capture: true }));
})();
