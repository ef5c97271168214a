/* The inbox beside a queue that stays in place: mark the open line, follow a lost session, count what was seen. */
"use strict";
(() => {
  const detail = document.querySelector("#detail");
  const inbox = document.querySelector("#inbox");
  const links = () => [...document.querySelectorAll("#inbox .queue a[href]")];

  /* A line that can no longer be shown (the record went on, the session ended) is opened as a page, which says why. */
  const openAsPage = (path) => window.location.assign(path);
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== detail) return;
    const asked = event.detail.pathInfo.requestPath;
    const answered = event.detail.xhr.responseURL ? new URL(event.detail.xhr.responseURL) : null;
    const elsewhere = answered && answered.pathname !== asked.split("?")[0];
    if (!elsewhere && event.detail.xhr.status === 200) return;
    event.detail.shouldSwap = false;
    openAsPage(asked);
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== detail) return;
    const line = event.detail.requestConfig?.elt;
    inbox.classList.add("has-detail");
    for (const link of links()) {
      if (link === line) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    recount();
    /* On a phone the queue has just gone, and the focus with it. */
    if (line && !line.checkVisibility()) detail.querySelector("#detail-title")?.focus({ preventScroll: true });
  });

  /* "Seen" ticks of a body that came after the page was loaded. */
  const recount = () => {
    const ticks = [...detail.querySelectorAll("[data-seen]")];
    for (const place of detail.querySelectorAll("[data-seen-count]")) {
      place.textContent = `${ticks.filter((tick) => tick.checked).length}/${ticks.length}`;
    }
  };
  detail?.addEventListener("change", (event) => { if (event.target.matches("[data-seen]")) recount(); });

  /* Back and forward load the page anew: what waits may have changed meanwhile. A jump inside the page does not. */
  const place = () => window.location.pathname + window.location.search;
  let shown = place();
  document.body.addEventListener("htmx:pushedIntoHistory", () => { shown = place(); });
  window.addEventListener("popstate", () => { if (place() !== shown) window.location.reload(); });

  /* A long queue opens where the open line is. */
  const pane = document.querySelector(".queue-pane");
  const open = pane?.querySelector("[aria-current=true]:not(.chip)");
  if (open) pane.scrollTop = open.offsetTop - pane.clientHeight / 3;
})();
