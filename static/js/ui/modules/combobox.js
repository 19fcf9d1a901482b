// A combobox (ARIA 1.2) before a <select>, which stays in the page and is sent. The search ignores accents and the order of
// words; it matches the beginning of words, else any part. Several choices are listed above the box. @github/combobox-nav
// handles the keys and the ARIA attributes.
import Combobox from "@github/combobox-nav";

const COPIED_ATTRIBUTES = ["aria-label", "aria-describedby", "aria-invalid", "aria-required"];
let pickerCount = 0;

export function enhance(select) {
  const isMany = select.multiple;
  const hadFocus = document.activeElement === select;
  const name = (select.getAttribute("aria-label") ?? select.labels[0]?.firstChild.textContent ?? "").trim();
  const empty = [...select.options].find((option) => option.value === "");
  const list = element("ul", { id: `picker-${++pickerCount}`, role: "listbox", ariaLabel: name, hidden: true });
  const status = element("p", { role: "status", className: "vh" });
  const clear = element("button", { type: "button", className: "picker-clear", textContent: "Vider", ariaLabel: `Vider : ${name}` });
  const chips = element("ul", { className: "chips", ariaLabel: `${name} : choix faits` });
  const box = element("input", {
    type: "text", id: select.id, autocomplete: "off", spellcheck: false,
    placeholder: empty?.text ?? (isMany ? "Écrire un nom" : ""),
    className: select.className.replace("control-select", "picker-box"),
  });
  for (const attribute of COPIED_ATTRIBUTES) if (select.hasAttribute(attribute)) box.setAttribute(attribute, select.getAttribute(attribute));

  const frame = element("div", { className: "picker" });
  select.replaceWith(frame);
  frame.append(select, box, clear, list, status);
  if (isMany) frame.before(chips);
  select.removeAttribute("id");
  select.removeAttribute("data-assembly-picker");
  Object.assign(select, { className: "vh", tabIndex: -1, ariaHidden: "true" });

  const nav = new Combobox(box, list, { tabInsertsSuggestions: false, firstOptionSelectionMode: "selected" });
  const isOpen = () => !list.hidden;
  const chosenText = () => (select.value && !isMany ? select.selectedOptions[0].text : "");
  const isActive = () => isOpen() || box.value !== chosenText();

  function show() {
    box.value = chosenText();
    clear.hidden = !empty || !box.value;
    status.textContent = "";
    status.classList.add("vh");
  }

  function showChips() {
    chips.replaceChildren(...[...select.selectedOptions].map(chip));
    chips.hidden = !chips.children.length;
    show();
  }

  function chip(option) {
    const off = element("button", { type: "button", textContent: option.text, ariaLabel: `Retirer : ${option.text}` });
    off.addEventListener("click", () => {
      option.selected = false;
      notifyChange();
      status.textContent = `Retiré : ${option.text}`;
      box.focus();
    });
    const item = element("li", {});
    item.append(off);
    return item;
  }

  function notifyChange() {
    for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
  }

  function optionsMatching(text, prefix = "") {
    const terms = normalizeText(text).split(" ").filter(Boolean);
    if (!list.children.length) list.append(...[...select.options].map(createRow));
    const isAvailable = (row) => !isMany || !row.option.selected;
    return [...list.children].filter((row) => isAvailable(row) && terms.every((word) => row.searchText.includes(prefix + word)));
  }

  function narrow(text) {
    const prefixMatches = optionsMatching(text, " ");
    const matches = prefixMatches.length ? prefixMatches : optionsMatching(text);
    for (const row of list.children) row.hidden = !matches.includes(row);
    status.textContent = matches.length ? `${matches.length} choix` : "Rien ne correspond : vérifiez l’orthographe, ou écrivez moins de mots.";
    status.classList.toggle("vh", matches.length > 0);
    return matches;
  }

  function open(text) {
    const matches = narrow(text);
    if (!matches.length) {
      close();
      return;
    }
    if (!isOpen()) {
      list.hidden = false;
      nav.start();
    }
    nav.resetSelection();
    const previous = matches[matches.findIndex((row) => row.option.selected) - 1];
    if (!normalizeText(text) && previous) {
      // The arrow keys begin at the current choice: one step from the row above it.
      nav.clearSelection();
      previous.setAttribute("aria-selected", "true");
      nav.navigate(1);
    }
    list.scrollIntoView({ block: "nearest" });
  }

  function close() {
    if (!isOpen()) return;
    nav.stop();
    list.hidden = true;
  }

  function choose(option) {
    const isNew = !option.selected;
    option.selected = true;
    close();
    show();
    if (!isNew) return;
    notifyChange();
    if (isMany) status.textContent = `Ajouté : ${option.text}`;
  }

  // Input without a choice: an empty box clears the choice, and text that matches exactly one row selects it, as on the server.
  function commitInput() {
    const matches = optionsMatching(box.value);
    if (!box.value.trim() && empty) choose(empty);
    else if (box.value.trim() && matches.length === 1) choose(matches[0].option);
    else {
      close();
      show();
    }
  }

  frame.addEventListener("input", (event) => event.target === box && open(box.value));
  box.addEventListener("click", () => {
    if (isOpen()) return;
    box.select();
    open("");
  });
  box.addEventListener("focus", () => box.select());
  box.addEventListener("blur", commitInput);
  box.addEventListener("keydown", (event) => {
    if (isActive() && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
      show();
      box.select();
    } else if (isActive() && event.key === "Enter") event.preventDefault();
    else if (!isOpen() && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      open("");
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("combobox-commit", (event) => choose(event.target.option));
  clear.addEventListener("click", () => {
    choose(empty);
    box.focus();
  });
  const refresh = isMany ? showChips : show;
  select.addEventListener("change", refresh);
  addEventListener("pageshow", refresh);
  refresh();
  if (hadFocus) box.focus();
}

function createRow(option) {
  return element("li", { role: "option", option, searchText: ` ${normalizeText(option.text)}`, textContent: option.text });
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function normalizeText(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
