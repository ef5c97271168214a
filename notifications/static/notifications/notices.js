/* The bell. A socket says “look again”; without one the page asks every minute. No eval, no inline handler. */
"use strict";
(() => {
  const badge = document.querySelector("#notice-badge");
  const list = document.querySelector("#notice-list");
  if (!badge || !list?.dataset.url) return;

  const POLL = 60000;
  const FIRST_WAIT = 1000;
  const LONGEST_WAIT = 60000;
  const NOT_LOGGED_IN = 4401;
  const newer = new URL("../newer/", new URL(list.dataset.url, location.href));
  const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/notices/`;

  /* Screen readers hear the number when it grows, in the words of the bell itself. */
  const voice = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  voice.setAttribute("aria-live", "polite");
  document.body.append(voice);
  const bell = document.querySelector("#notice-menu summary .visually-hidden")?.textContent.trim() || "";

  let last = null;
  let socket = null;
  let waited = FIRST_WAIT;
  let over = false;
  const timers = { poll: 0, retry: 0 };

  const stop = () => { over = true; clearInterval(timers.poll); clearTimeout(timers.retry); socket?.close(); };

  /* The session may have ended: then the answer is the log-in page, and asking again would serve nobody. */
  const get = async (url) => {
    const answer = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" });
    if (answer.redirected || answer.status === 401 || answer.status === 403) { stop(); return null; }
    return answer.ok ? answer : null;
  };

  const refresh = async () => {
    const answer = await get(list.dataset.url).catch(() => null);
    if (answer) list.innerHTML = await answer.text();
  };

  const show = ({ unread, last: newest }) => {
    const fresh = last !== null && newest > last;
    last = newest;
    badge.textContent = String(unread);
    badge.hidden = unread === 0;
    if (fresh && unread) voice.textContent = `${bell}: ${unread}`;
    /* Closed, the list is fetched when it is opened. */
    if (document.querySelector("#notice-menu")?.open) refresh();
  };

  const poll = async () => {
    if (over || document.hidden || socket?.readyState === WebSocket.OPEN) return;
    newer.searchParams.set("after", last ?? 0);
    const answer = await get(newer).catch(() => null);
    if (answer) show(await answer.json());
  };

  const connect = () => {
    if (over) return;
    socket = new WebSocket(address);
    socket.addEventListener("message", (event) => {
      const word = JSON.parse(event.data);
      if (word.type !== "look") return;
      waited = FIRST_WAIT;
      show(word);
    });
    socket.addEventListener("close", (event) => {
      if (event.code === NOT_LOGGED_IN) { stop(); return; }
      /* Jitter: after a restart of the server a whole agency comes back, and not in the same second. */
      timers.retry = setTimeout(connect, waited * (0.5 + Math.random()));
      waited = Math.min(waited * 2, LONGEST_WAIT);
    });
  };

  /* Following a notice reads it. The link works without this; the list has a button for it too. */
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-read]") : null;
    if (!link) return;
    const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    fetch(link.dataset.read, { method: "POST", keepalive: true, headers, redirect: "manual" }).catch(() => null);
  });

  timers.poll = setInterval(poll, POLL);
  document.addEventListener("visibilitychange", poll);
  window.addEventListener("pagehide", () => { clearTimeout(timers.retry); socket?.close(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  connect();
})();
