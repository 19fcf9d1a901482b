// A file that is made on the way: the page says so while it waits, and when the file is there. Without this script, or
// where the answer is a page (a sign-in, an error), the link opens as any other.
const SHOWN_AFTER_MS = 500;

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("[data-assembly-files] a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.ariaBusy) return;
  const status = link.parentElement.querySelector("[role=status]");
  const shown = setTimeout(() => say(status, status.dataset.assemblyWait), SHOWN_AFTER_MS);
  link.ariaBusy = "true";
  try {
    const response = await fetch(link.href);
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition"))?.[1];
    if (response.ok && name) save(await response.blob(), name);
    else location.assign(link.href);
    say(status, status.textContent && name ? status.dataset.assemblyDone : "");
  } catch {
    location.assign(link.href);
  } finally {
    clearTimeout(shown);
    link.ariaBusy = null;
  }
});

function say(status, text) {
  status.textContent = text;
}

function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
