"""What a page is asked about itself: scripts that run inside it."""

# Before anything of the page: long tasks, frames, the first row, and from each key press to the paint after it.
WATCH = """
(() => {
  const seen = { long: [], frames: 0, keys: [], first: null, rows: {} };
  window.bench = seen;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => seen.long.push(entry.duration)))
    .observe({ type: "longtask", buffered: true });
  const frame = () => { seen.frames += 1; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  addEventListener("keydown", (event) => {
    const painted = new MessageChannel();
    painted.port1.onmessage = () => seen.keys.push(performance.now() - event.timeStamp);
    requestAnimationFrame(() => painted.port2.postMessage(null));
  }, { capture: true });
  const look = () => {
    const list = document.getElementById("incidents");
    if (!list) return;
    if (seen.first === null && list.querySelector("[id^=incident-], tr[data-id], [role=option]")) {
      seen.first = performance.now();
    }
    if (seen.wanted && list.textContent.includes(seen.wanted)) {
      seen.rows[seen.wanted] = performance.timeOrigin + performance.now();
      seen.wanted = null;
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
})();
"""
CLEAR = "() => { window.bench.long.length = 0; window.bench.frames = 0; window.bench.keys.length = 0; }"
MEASURED = "() => ({ long: window.bench.long, frames: window.bench.frames, keys: window.bench.keys })"
SCRIPTS = """
() => performance.getEntriesByType("resource").filter((entry) => /\\.js(\\?|$)/.test(entry.name))
  .map((entry) => [entry.name, entry.encodedBodySize, entry.decodedBodySize])
"""
LOADED = """
() => ({ content: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd, first: window.bench.first })
"""
EMPTY = "<!doctype html><meta charset=utf-8><title>empty</title><p>empty</p>"
