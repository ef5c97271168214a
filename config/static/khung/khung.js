/* Small conveniences of the shell. Every page works without them. No eval, no inline handler, no third party. */
"use strict";
(() => {
  const person = document.body.dataset.person || "";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const inField = (el) => el?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el?.tagName || "");

  /* Storage may be full or forbidden; then nothing is lost but the convenience. */
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* see above */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* see above */ } },
    keys: () => { try { return Object.keys(localStorage); } catch { return []; } },
  };

  /* Say a sentence where screen readers listen and everybody sees it. */
  const say = (sentence, kind = "warning") => {
    const line = Object.assign(document.createElement("p"), { className: `notice ${kind}`, textContent: sentence });
    const place = document.querySelector("#messages");
    place?.replaceChildren(line);
    place?.scrollIntoView({ block: "nearest" });
  };

  /* Drafts: what was typed into form[data-keep] survives a lost connection, a lost session and a closed lid.
     Kept under the person's number, so that the next one at the same machine is not offered it. */
  const draftKey = (name) => `khung:draft:${person}:${name}`;
  const read = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const write = (form, pairs) => {
    form.dispatchEvent(new CustomEvent("khung:restore", { detail: pairs, bubbles: true }));  /* a form of rows makes room first */
    const left = new Map();
    for (const [name, value] of pairs) left.set(name, [...(left.get(name) || []), value]);
    for (const field of form.elements) {
      const values = left.get(field.name);
      if (!field.name || field.type === "hidden" || field.type === "file" || field.type === "submit") continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(values?.includes(field.value));
      else if (values?.length) field.value = values.shift();
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const offerDraft = (form, key) => {
    const offer = form.querySelector("[data-keep-offer]");
    const kept = store.get(key);
    if (!offer || !kept || "bound" in form.dataset || kept === JSON.stringify(read(form))) return;
    offer.hidden = false;
    offer.querySelector("[data-keep-restore]")?.addEventListener("click", () => { write(form, JSON.parse(kept)); offer.hidden = true; });
    offer.querySelector("[data-keep-drop]")?.addEventListener("click", () => { store.drop(key); offer.hidden = true; });
  };
  const keep = (form) => {
    const key = draftKey(form.dataset.keep);
    let dirty = "bound" in form.dataset;
    let waiting = 0;
    offerDraft(form, key);
    form.addEventListener("input", () => {
      dirty = true;
      clearTimeout(waiting);
      waiting = setTimeout(() => store.set(key, JSON.stringify(read(form))), 400);
    });
    form.addEventListener("submit", () => { clearTimeout(waiting); store.set(key, JSON.stringify(read(form))); dirty = false; });
    window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  };
  all("form[data-keep]").forEach(keep);
  all("[data-keep-done]").forEach((done) => store.drop(draftKey(done.dataset.keepDone)));
  all("form[data-forget]").forEach((form) => form.addEventListener("submit", () => {
    store.keys().filter((key) => key.startsWith(`khung:draft:${person}:`)).forEach(store.drop);
  }));

  /* Menus and dialogs: a button names its dialog; Escape closes and gives the focus back. */
  const closeMenus = (but) => all("details.menu[open]").forEach((menu) => { if (!but || !menu.contains(but)) menu.open = false; });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog) { event.preventDefault(); dialog.showModal(); }
    event.target.closest("[data-close]")?.closest("dialog")?.close();
    if (event.target.closest("[data-print]")) window.print();
    closeMenus(event.target);
  });
  all("details.menu").forEach((menu) => menu.addEventListener("toggle", () => {
    if (menu.open) menu.querySelector("[hx-trigger='khung:open']")?.dispatchEvent(new Event("khung:open"));
  }));

  /* Keys. Off inside fields, so that Telex and VNI typing is safe; off altogether by the switch in the help. */
  const step = (by) => {
    const list = all("[data-list] a[href]").filter((link) => link.checkVisibility());
    const at = list.indexOf(document.activeElement);
    list[Math.min(list.length - 1, Math.max(0, at + by))]?.focus();
  };
  const MARGIN = 90;  /* pixels below the top edge at which a change counts as reached */
  const change = (by) => {
    const marks = all("[data-change]").map((mark) => ({ mark, top: mark.getBoundingClientRect().top - MARGIN }));
    const next = by > 0 ? marks.find(({ top }) => top > 1) : marks.reverse().find(({ top }) => top < -1);
    if (!next) return;
    window.scrollBy({ top: next.top });
    if (!next.mark.hasAttribute("tabindex")) next.mark.tabIndex = -1;
    next.mark.focus({ preventScroll: true });
  };
  const keys = {
    "/": () => document.querySelector("#search")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    n: () => change(1),
    p: () => change(-1),
    a: () => document.querySelector("[data-key=approve]")?.click(),
    "?": () => document.querySelector("#keys-help")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const menu = event.target.closest?.("details.menu[open]");
      closeMenus();
      menu?.querySelector("summary").focus();
      return;
    }
    if (inField(event.target) || document.querySelector("dialog[open]") || store.get("khung:keys") === "off") return;
    if (Object.hasOwn(keys, event.key)) { event.preventDefault(); keys[event.key](); }
  });
  const keySwitch = document.querySelector("[data-keys-switch]");
  if (keySwitch) {
    keySwitch.checked = store.get("khung:keys") !== "off";
    keySwitch.addEventListener("change", () => store.set("khung:keys", keySwitch.checked ? "on" : "off"));
  }

  /* "Seen" ticks of a redline: an aid to this reader, not a record. */
  const ticks = all("[data-seen]");
  const recount = () => all("[data-seen-count]").forEach((place) => { place.textContent = `${ticks.filter((tick) => tick.checked).length}/${ticks.length}`; });
  ticks.forEach((tick) => tick.addEventListener("change", recount));
  recount();

  /* One deed, one request: a second click on the same button does nothing until the page answers. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if ("sent" in form.dataset) event.preventDefault();
    else form.dataset.sent = "";
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* htmx: say what failed; give a focus that the swap took away to what came instead. */
  const lost = () => say(document.body.dataset.lost, "error");
  document.body.addEventListener("htmx:sendError", lost);
  document.body.addEventListener("htmx:responseError", lost);
  let had = null;  /* the target of a swap that held the focus */
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => { had = detail.target.contains(document.activeElement) && document.activeElement !== document.body ? detail.target.id : null; });
  document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (had === null || document.activeElement !== document.body) return;
    const came = document.getElementById(had) || detail.elt;
    const place = came.querySelector("[autofocus], h1, h2, h3") || came;
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
    had = null;
  });

  document.querySelector(".error-summary[tabindex]")?.focus();
})();
