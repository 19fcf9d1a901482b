// The file stays on the device: its hash is computed here and only the hash is sent.
const WAIT = 2000;
const LONGEST_WAITS = 60;

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function verify(form, file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  window.location.assign(`${form.dataset.assemblyVerify}?empreinte=${hex(digest)}`);
}

function listen(form) {
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

if (window.crypto?.subtle) document.querySelectorAll("[data-assembly-verify]").forEach(listen);

if (document.querySelector("[data-assembly-verify-waiting]")) {
  const key = `waits:${window.location.pathname}${window.location.search}`;
  const waits = Number(sessionStorage.getItem(key) ?? 0);
  if (waits < LONGEST_WAITS) setTimeout(() => { sessionStorage.setItem(key, waits + 1); window.location.reload(); }, WAIT);
}
