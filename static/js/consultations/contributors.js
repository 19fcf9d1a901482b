// Several people of a directorate write one answer: each page sends the field of its user and shows those of the others.
// What they saved meanwhile is written into the fields without local changes (ui/modules/autosave.js).
const INTERVAL_MS = 15_000;
const form = document.querySelector("form[data-assembly-contributors]");
let sentField = "";

const currentField = () => (form.contains(document.activeElement) ? document.activeElement.name ?? "" : "");

async function sendPresence() {
  sentField = currentField();
  const response = await fetch(form.dataset.assemblyContributors, {
    method: "POST",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(INTERVAL_MS),
    body: new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      field: form.querySelector(`[data-assembly-writer="${sentField}"]`) ? sentField : "",
      version: form.elements.version.value,
    }),
  });
  if (!response.ok) return; // sent for the visa, or signed out: the next save shows it
  const { writers, version, theirs } = await response.json();
  show(writers);
  if (theirs) form.dispatchEvent(new CustomEvent("assembly:read", { detail: { version, theirs } }));
}

function show(writers) {
  for (const line of form.querySelectorAll("[data-assembly-writer]")) {
    const names = writers.filter(({ field }) => field === line.dataset.assemblyWriter).map(({ name }) => name);
    setLine(line, names.length ? `${names.join(", ")} ${names.length > 1 ? "écrivent" : "écrit"} ici` : "");
  }
  const present = writers.map(({ name }) => name).join(", ");
  setLine(document.querySelector("[data-assembly-present]"), present && `Aussi sur cet avis\u00a0: ${present}`);
}

function setLine(line, text) {
  if (line.textContent !== text) line.textContent = text;
  line.hidden = !text;
}

// One request at a time: of two, the older could arrive last and win.
let queue = Promise.resolve();
const enqueuePresence = () => { queue = queue.then(sendPresence).catch(() => {}); };
const sendIfMoved = () => { if (!document.hidden && currentField() !== sentField) enqueuePresence(); };

if (form) {
  form.addEventListener("focusin", sendIfMoved);
  document.addEventListener("visibilitychange", sendIfMoved);
  setInterval(() => { if (!document.hidden) enqueuePresence(); }, INTERVAL_MS);
  enqueuePresence();
}
