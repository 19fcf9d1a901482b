// Several people of a directorate on one answer: each page tells where its reader writes, and shows where the others do.
// What they saved meanwhile comes into the fields that are not touched here (ui/modules/autosave.js).
const EVERY = 15_000;
const form = document.querySelector("form[data-assembly-contributors]");
let told = "";

const place = () => (form.contains(document.activeElement) ? document.activeElement.name ?? "" : "");

async function tell() {
  told = place();
  const answer = await fetch(form.dataset.assemblyContributors, {
    method: "POST",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(EVERY),
    body: new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      field: form.querySelector(`[data-assembly-writer="${told}"]`) ? told : "",
      version: form.elements.version.value,
    }),
  });
  if (!answer.ok) return; // sent to the visa, signed out: saving says so
  const { writers, version, theirs } = await answer.json();
  show(writers);
  if (theirs) form.dispatchEvent(new CustomEvent("assembly:read", { detail: { version, theirs } }));
}

function show(writers) {
  for (const line of form.querySelectorAll("[data-assembly-writer]")) {
    const names = writers.filter(({ field }) => field === line.dataset.assemblyWriter).map(({ name }) => name);
    say(line, names.length ? `${names.join(", ")} ${names.length > 1 ? "écrivent" : "écrit"} ici` : "");
  }
  const present = writers.map(({ name }) => name).join(", ");
  say(document.querySelector("[data-assembly-present]"), present && `Aussi sur cet avis\u00a0: ${present}`);
}

function say(line, words) {
  if (line.textContent !== words) line.textContent = words;
  line.hidden = !words;
}

// One at a time: of two on their way the older could arrive last, and stand.
let last = Promise.resolve();
const tellNext = () => { last = last.then(tell).catch(() => {}); };
const soon = () => { if (!document.hidden && place() !== told) tellNext(); };

if (form) {
  form.addEventListener("focusin", soon);
  document.addEventListener("visibilitychange", soon);
  setInterval(() => { if (!document.hidden) tellNext(); }, EVERY);
  tellNext();
}
