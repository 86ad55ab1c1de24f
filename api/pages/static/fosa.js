// Keeps the page as it is now: takes the parts the server has rendered anew, and says so when no news come.
"use strict";
(() => {
  const SILENT_MS = 5000; // Something comes every second, if it is only the time.
  const root = document.documentElement;
  const lost = document.getElementById("lost");
  const said = document.querySelector('[data-live="said"]');
  const titled = document.title.slice(said.textContent.trim().length);
  let heard = Date.now();

  function put(name, html) {
    const place = document.querySelector(`[data-live="${CSS.escape(name)}"]`);
    if (place === null) {
      return;
    }
    const folded = Array.from(place.querySelectorAll("details[id]"), (each) => [each.id, each.open]);
    const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.innerHTML = html; // The server's own templates, every value in them escaped.
    for (const [id, open] of folded) {
      document.getElementById(id)?.toggleAttribute("open", open);
    }
    if (focused) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }

  function renew(event) {
    heard = Date.now();
    for (const [name, html] of Object.entries(JSON.parse(event.data))) {
      put(name, html);
    }
    document.title = said.textContent.trim() + titled;
    tell(false);
  }

  function tell(isLost) {
    if (lost.hidden === isLost) {
      lost.hidden = !isLost;
      root.classList.toggle("old", isLost);
    }
  }

  let source = null;
  function follow() {
    source?.close();
    source = new EventSource(root.dataset.events);
    source.onmessage = renew;
    source.addEventListener("over", () => location.reload());
  }

  follow();
  setInterval(() => {
    const quiet = Date.now() - heard;
    tell(quiet > SILENT_MS);
    // A browser gives up on some errors, and does not notice a connection that just went quiet.
    if (quiet > SILENT_MS && (source.readyState === EventSource.CLOSED || quiet % 30000 < 1000)) {
      follow();
    }
  }, 1000);
})();
