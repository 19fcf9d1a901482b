// How many things wait behind each line of the desk's menu: on the line, and their sum on a heading that is closed. A page asks
// for them after it was shown; within half a minute the next pages reuse them, unless a form was sent meanwhile.
const SAVED = "assembly-counts";
const FRESH = 30_000;

const address = document.querySelector("[data-assembly-counts]")?.dataset.assemblyCounts;
if (address) {
  for (const event of ["submit", "htmx:afterRequest"]) document.addEventListener(event, forget);
  readCounts().then(showCounts);
}

function forget(event) {
  if (event.detail?.requestConfig?.verb !== "get") sessionStorage.removeItem(SAVED);
}

async function readCounts() {
  const saved = JSON.parse(sessionStorage.getItem(SAVED));
  if (saved?.url === address && Date.now() - saved.at < FRESH) return saved.counts;
  const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok) return {};
  const counts = await response.json();
  sessionStorage.setItem(SAVED, JSON.stringify({ url: address, at: Date.now(), counts }));
  return counts;
}

function showCounts(counts) {
  for (const heading of document.querySelectorAll(".headings > li")) {
    const [first, ...lines] = heading.querySelectorAll("a");
    for (const line of lines) show(line, counts[line.pathname]);
    show(first, (lines.length ? lines : [first]).reduce((sum, line) => sum + (counts[line.pathname] ?? 0), 0));
  }
}

function show(line, number) {
  if (!number) return;
  const count = document.createElement("span");
  count.className = "count";
  const words = document.createElement("span");
  words.className = "vh";
  words.textContent = " à traiter";
  count.append(String(number), words);
  line.append(count);
}
