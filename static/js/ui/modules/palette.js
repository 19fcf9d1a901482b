// The command palette of the desk (Ctrl-K): open a page of the menu, use an action of this page, begin an act, open an object.
// It has no list of its own: all entries are also on the page or at /bureau/recherche/, which works without script. « ? » shows
// the keys; single-character keys can be turned off there (WCAG 2.1.4), and are ignored while the user types.
const KEYS_OFF = "assembly-keys-off";
const MAX_ENTRIES = 12;
const KEYS = [
  ["Ctrl K", "Aller à une page, faire une action, trouver"],
  ["/", "Chercher partout"],
  ["Espace", "Cocher une ligne d’une liste ; Maj étend, les flèches changent de ligne"],
  ["?", "Montrer ces raccourcis"],
  ["Échap", "Fermer ce qui est ouvert"],
];

const search = document.querySelector(".desk-search");
const paletteLink = search?.querySelector("[data-assembly-palette]");
const createLink = document.querySelector(".desk-head [data-assembly-palette]");
let commands; // acts and pages of this reader, read once
if (search) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || localStorage.getItem(KEYS_OFF)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      event.preventDefault();
      search.querySelector("input").focus();
    } else if (event.key === "?") {
      event.preventDefault();
      openKeys();
    }
  });
  for (const link of [paletteLink, createLink])
    link?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openPalette(link.dataset.assemblyPalette);
    });
}

function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable=true], [role=textbox]");
}

function tokensOf(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

function begins(entry, terms) {
  const tokens = tokensOf(`${entry.label} ${entry.keywords ?? ""}`);
  return terms.every((term) => tokens.some((token) => token.startsWith(term)));
}

async function readPage(query) {
  const response = await fetch(`${paletteLink.href}?q=${encodeURIComponent(query)}`, { headers: { Accept: "text/html" } }).catch(() => null);
  return response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
}

async function readCommands() {
  const page = await readPage("");
  return [...(page?.querySelectorAll("[data-assembly-command]") ?? [])].map((link) => {
    const title = link.closest("section").querySelector("h2");
    const kind = title.textContent.trim();
    const place = link.nextElementSibling?.textContent;
    const label = link.textContent.trim();
    const url = link.getAttribute("href");
    return { section: title.id, kind, label: place ? `${label} · ${place}` : label, keywords: link.dataset.assemblyCommand, url, go: () => location.assign(url) };
  });
}

function pageEntries() {
  const entries = [];
  const add = (kind, links) =>
    links.forEach((link) => {
      const copy = link.cloneNode(true);
      copy.querySelectorAll(".count").forEach((count) => count.remove());
      const label = copy.textContent.replace(/\s+/g, " ").trim();
      if (label && !entries.some((other) => other.label === label)) entries.push({ kind, label, url: link.getAttribute("href"), go: () => link.click() });
    });
  add("Ici", document.querySelectorAll("main a.btn[href], main .verb-list a[href], main .tabs a[href]"));
  add("Aller à", document.querySelectorAll(".desk-nav li a[href]"));
  return entries;
}

function createDialog(label) {
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

// `section`: the id of the only list of commands that is offered; without it also the page, the menu and what is found.
function openPalette(section) {
  const dialog = createDialog("Aller à, faire, trouver");
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
  let items = section ? [] : pageEntries();
  let hits = [];
  let shown = [];
  let selected = 0;
  let requestCount = 0;

  function showEntries() {
    const terms = tokensOf(box.value);
    const matching = items.filter((entry) => begins(entry, terms));
    shown = section ? matching : [...matching.slice(0, MAX_ENTRIES - hits.length), ...hits];
    if (terms.length && !section) shown.push({ kind: "Chercher", label: `« ${box.value.trim()} » partout`, go: searchAll });
    selected = 0;
    list.replaceChildren(...shown.map(option));
    markSelected();
  }

  function option(entry, index) {
    const row = document.createElement("li");
    Object.assign(row, { id: `palette-${index}`, role: "option" });
    const kind = document.createElement("span");
    kind.textContent = entry.kind;
    row.append(kind, ` ${entry.label}`);
    row.addEventListener("click", () => choose(entry));
    return row;
  }

  function markSelected() {
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === selected)));
    if (shown.length) box.setAttribute("aria-activedescendant", `palette-${selected}`);
    else box.removeAttribute("aria-activedescendant");
    list.children[selected]?.scrollIntoView({ block: "nearest" });
  }

  function choose(entry) {
    dialog.close();
    entry.go();
  }

  function searchAll() {
    search.querySelector("input").value = box.value.trim();
    search.requestSubmit();
  }

  async function searchServer() {
    const request = ++requestCount;
    const query = box.value.trim();
    if (section || query.length < 2) return;
    const page = await readPage(query);
    if (request !== requestCount || !page) return;
    hits = [...page.querySelectorAll(".hit:has(a)")].slice(0, 5).map((hit) => {
      const [about, passage] = hit.querySelectorAll("p");
      const [kind, ...facts] = about.textContent.split("·");
      const rest = facts.length ? facts : [passage?.textContent ?? ""];
      const link = hit.querySelector("a");
      return {
        kind: kind.trim(),
        label: [link.textContent, ...rest].map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean).join(" · "),
        go: () => location.assign(link.getAttribute("href")),
      };
    });
    if (dialog.open) showEntries();
  }

  let timer;
  box.addEventListener("input", () => {
    requestCount += 1;
    hits = [];
    showEntries();
    clearTimeout(timer);
    timer = setTimeout(searchServer, 250);
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      selected = (selected + step + shown.length) % shown.length;
      markSelected();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown[selected]) choose(shown[selected]);
    }
  });
  dialog.showModal();
  showEntries();
  box.focus();
  (commands ??= readCommands()).then((loaded) => {
    const offered = section ? loaded.filter((command) => command.section === section) : loaded;
    items = [...items, ...offered.filter((command) => !items.some((other) => other.url === command.url))];
    if (dialog.open) showEntries();
  });
}

function openKeys() {
  const dialog = createDialog("Raccourcis du clavier");
  const title = document.createElement("h2");
  title.textContent = "Raccourcis du clavier";
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [key, meaning] of KEYS) {
    const name = document.createElement("dt");
    const description = document.createElement("dd");
    const keyElement = document.createElement("kbd");
    keyElement.textContent = key;
    name.append(keyElement);
    description.textContent = meaning;
    list.append(name, description);
  }
  const choice = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !localStorage.getItem(KEYS_OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1")));
  choice.append(box, " Raccourcis d’une seule touche");
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "btn btn-secondary", textContent: "Fermer" });
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, choice, close);
  dialog.showModal();
  close.focus();
}
