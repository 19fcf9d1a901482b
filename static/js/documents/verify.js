// The file stays on the device: its hash is computed here and only the hash is sent.
const RELOAD_AFTER_MS = 2000;
const MAX_RELOADS = 60;

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function verify(form, file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  window.location.assign(`${form.dataset.assemblyVerify}?empreinte=${hex(digest)}`);
}

function enableForm(form) {
  const input = form.querySelector("input[type=file]");
  const error = form.querySelector("[data-assembly-verify-error]");
  form.querySelector("[data-assembly-without-script]").hidden = true;
  form.querySelector("[data-assembly-with-script]").hidden = false;
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    error.hidden = true;
    verify(form, input.files[0]).catch(() => { error.hidden = false; input.focus(); });
  });
}

if (window.crypto?.subtle) document.querySelectorAll("[data-assembly-verify]").forEach(enableForm);

if (document.querySelector("[data-assembly-verify-waiting]")) {
  const key = `waits:${window.location.pathname}${window.location.search}`;
  const reloads = Number(sessionStorage.getItem(key) ?? 0);
  if (reloads < MAX_RELOADS) setTimeout(() => { sessionStorage.setItem(key, reloads + 1); window.location.reload(); }, RELOAD_AFTER_MS);
}
