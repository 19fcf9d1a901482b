// Claims checked in their list: the lines and vouchers of one open below its row, which the server records. J and K change
// row, A ticks the claim that was read and opens the next, R sends it back, Escape closes. Single-character keys can be
// turned off (palette.js).
const KEYS_OFF = "assembly-keys-off";
const boxes = () => [...document.querySelectorAll("input[name=ligne]")];
const panelOf = (row) => (row?.nextElementSibling?.matches(".opened") ? row.nextElementSibling : null);
const openerOf = (row) => row.querySelector(".opener");

// One claim is open at a time; a second press closes it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const opener = event.target.closest?.(".opener");
  if (!opener) return;
  const isOpen = panelOf(opener.closest("tr"));
  document.querySelectorAll(".opened").forEach((panel) => close(panel.previousElementSibling));
  if (isOpen) event.preventDefault();
});

document.addEventListener("htmx:afterSwap", () => {
  const panel = document.querySelector(".opened:not([data-assembly-known])");
  if (!panel) return;
  panel.dataset.assemblyKnown = "";
  const row = panel.previousElementSibling;
  openerOf(row).setAttribute("aria-expanded", "true");
  const acts = panel.dataset.assemblyActs.split(" ");
  for (const button of document.querySelectorAll("#selection [data-assembly-rows]")) {
    const keys = new Set(button.dataset.assemblyRows.split(" "));
    keys[acts.includes(button.value) ? "add" : "delete"](panel.dataset.assemblyRow);
    button.dataset.assemblyRows = [...keys].join(" ");
  }
  document.dispatchEvent(new Event("assembly:ticked"));
  row.scrollIntoView({ block: "start" });
});

// Before the keys of any list (selection.js): Escape closes a claim before it unticks.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || !boxes().length) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select")) return;
  const key = event.key.toLowerCase();
  const row = currentRow();
  if (key === "escape" && panelOf(row)) {
    close(row);
    row.querySelector("[name=ligne]").focus();
  } else if (localStorage.getItem(KEYS_OFF)) return;
  else if (key === "j" || key === "k") move(row, key === "j" ? 1 : -1, panelOf(row));
  else if (key === "a") read(row);
  else if (key === "r") sendBack(row);
  else return;
  event.preventDefault();
}, true);

function currentRow() {
  const row = document.activeElement.closest("tbody tr");
  const panel = row?.matches(".opened") ? row : document.querySelector(".opened");
  return (row && !row.matches(".opened") ? row : panel?.previousElementSibling) ?? boxes()[0].closest("tr");
}

function close(row) {
  panelOf(row).remove();
  openerOf(row).setAttribute("aria-expanded", "false");
}

function move(row, step, isOpen) {
  const all = boxes();
  const box = row.querySelector("[name=ligne]");
  // The first key press only goes to the list.
  const next = document.activeElement.closest("tbody") ? all[all.indexOf(box) + step] : box;
  if (!next) return false;
  next.focus();
  if (isOpen && next !== box) openerOf(next.closest("tr")).click();
  return true;
}

function read(row) {
  const panel = panelOf(row);
  const box = row.querySelector("[name=ligne]");
  if (!panel) {
    box.focus();
    openerOf(row).click();
    return;
  }
  box.checked = panel.dataset.assemblyActs.split(" ").includes("controler");
  document.dispatchEvent(new Event("assembly:ticked"));
  box.focus();
  if (move(row, 1, true)) return;
  close(row);
  document.querySelector("#selection [name=acte]:not([hidden])")?.focus();
}

function sendBack(row) {
  const link = panelOf(row)?.querySelector("a[href*='/completer/']");
  if (link) link.click();
  else if (!panelOf(row)) read(row);
}
