// The desk's command palette (Ctrl-K): go to a page of the menu, do what this page offers, open what the search finds.
// It holds no list of its own: everything in it stands on the page or at /recherche/ too. « ? » shows the keys; keys of one
// character can be turned off there (WCAG 2.1.4), and never act while somebody types.
const OFF = "assembly-keys-off";
const MOST = 12;
const KEYS = [
  ["Ctrl K", "Aller à une page, faire une action, trouver"],
  ["/", "Chercher partout"],
  ["?", "Montrer ces raccourcis"],
  ["Échap", "Fermer ce qui est ouvert"],
];

const search = document.querySelector(".desk-search");
if (search) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || localStorage.getItem(OFF)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      event.preventDefault();
      search.querySelector("input").focus();
    } else if (event.key === "?") {
      event.preventDefault();
      openKeys();
    }
  });
  document.querySelector("[data-assembly-palette]")?.addEventListener("click", openPalette);
}

function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable=true], [role=textbox]");
}

function words(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

function entries() {
  const found = [];
  const add = (kind, links) =>
    links.forEach((link) => {
      const told = link.cloneNode(true);
      told.querySelectorAll(".count").forEach((count) => count.remove());
      const label = told.textContent.replace(/\s+/g, " ").trim();
      if (label && !found.some((each) => each.label === label)) found.push({ kind, label, go: () => link.click() });
    });
  add("Ici", document.querySelectorAll("main a.btn[href], main .verb-list a[href], main .tabs a[href]"));
  add("Aller à", document.querySelectorAll(".desk-nav li a[href]"));
  return found;
}

function dialogOf(label) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog palette";
  dialog.setAttribute("aria-label", label);
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  return dialog;
}

function openPalette() {
  const dialog = dialogOf("Aller à, faire, trouver");
  const box = document.createElement("input");
  Object.assign(box, { className: "control", type: "text", autocomplete: "off", placeholder: "Aller à, faire, trouver" });
  const list = document.createElement("ul");
  Object.assign(list, { id: "palette-choices", role: "listbox" });
  list.setAttribute("aria-label", "Choix");
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-label": "Aller à, faire, trouver", "aria-expanded": "true", "aria-controls": list.id,
    "aria-autocomplete": "list",
  })) box.setAttribute(name, value);
  dialog.append(box, list);
  const own = entries();
  let shown = [];
  let chosen = 0;
  let asked = 0;

  function draw(hits = []) {
    const wanted = words(box.value).split(" ").filter(Boolean);
    const matching = own.filter((entry) => wanted.every((word) => words(entry.label).includes(word)));
    shown = [...matching.slice(0, MOST - hits.length), ...hits];
    if (wanted.length) shown.push({ kind: "Chercher", label: `« ${box.value.trim()} » partout`, go: searchAll });
    chosen = 0;
    list.replaceChildren(...shown.map(option));
    mark();
  }

  function option(entry, index) {
    const row = document.createElement("li");
    Object.assign(row, { id: `palette-${index}`, role: "option" });
    const kind = document.createElement("span");
    kind.textContent = entry.kind;
    row.append(kind, ` ${entry.label}`);
    row.addEventListener("click", () => take(entry));
    return row;
  }

  function mark() {
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === chosen)));
    if (shown.length) box.setAttribute("aria-activedescendant", `palette-${chosen}`);
    else box.removeAttribute("aria-activedescendant");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  }

  function take(entry) {
    dialog.close();
    entry.go();
  }

  function searchAll() {
    search.querySelector("input").value = box.value.trim();
    search.requestSubmit();
  }

  async function ask() {
    const mine = ++asked;
    const query = box.value.trim();
    if (query.length < 3) return;
    const answer = await fetch(`${search.action}?q=${encodeURIComponent(query)}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (mine !== asked || !answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const hits = [...page.querySelectorAll(".hit")].slice(0, 5).map((hit) => ({
      kind: hit.querySelector("p").textContent.split("·")[0].trim(),
      label: hit.querySelector("a").textContent.trim(),
      go: () => location.assign(hit.querySelector("a").getAttribute("href")),
    }));
    if (mine === asked && dialog.open) draw(hits);
  }

  let waiting;
  box.addEventListener("input", () => {
    asked += 1;
    draw();
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      chosen = (chosen + step + shown.length) % shown.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown[chosen]) take(shown[chosen]);
    }
  });
  dialog.showModal();
  draw();
  box.focus();
}

function openKeys() {
  const dialog = dialogOf("Raccourcis du clavier");
  const title = document.createElement("h2");
  title.textContent = "Raccourcis du clavier";
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [key, meaning] of KEYS) {
    const name = document.createElement("dt");
    const told = document.createElement("dd");
    const sign = document.createElement("kbd");
    sign.textContent = key;
    name.append(sign);
    told.textContent = meaning;
    list.append(name, told);
  }
  const choice = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  choice.append(box, " Raccourcis d’une seule touche");
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "btn btn-secondary", textContent: "Fermer" });
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, choice, close);
  dialog.showModal();
  close.focus();
}
