// A box with a list below (combobox of ARIA 1.2) before a <select>, which stays in the page and is what is sent. Words are
// found in any order and without accents, where a word begins, else anywhere. Where several may be chosen, they stand above the box. Keys and what screen readers are told of them: @github/combobox-nav.
import Combobox from "@github/combobox-nav";

const SAID = ["aria-label", "aria-describedby", "aria-invalid", "aria-required"];
let made = 0;

export function enhance(select) {
  const isMany = select.multiple;
  const hadFocus = document.activeElement === select;
  const name = (select.getAttribute("aria-label") ?? select.labels[0]?.firstChild.textContent ?? "").trim();
  const empty = [...select.options].find((option) => option.value === "");
  const list = element("ul", { id: `picker-${++made}`, role: "listbox", ariaLabel: name, hidden: true });
  const told = element("p", { role: "status", className: "vh" });
  const clear = element("button", { type: "button", className: "picker-clear", textContent: "Vider", ariaLabel: `Vider : ${name}` });
  const taken = element("ul", { className: "chips", ariaLabel: `${name} : choix faits` });
  const box = element("input", {
    type: "text", id: select.id, autocomplete: "off", spellcheck: false,
    placeholder: empty?.text ?? (isMany ? "Écrire un nom" : ""),
    className: select.className.replace("control-select", "picker-box"),
  });
  for (const each of SAID) if (select.hasAttribute(each)) box.setAttribute(each, select.getAttribute(each));

  const frame = element("div", { className: "picker" });
  select.replaceWith(frame);
  frame.append(select, box, clear, list, told);
  if (isMany) frame.before(taken);
  select.removeAttribute("id");
  select.removeAttribute("data-assembly-picker");
  Object.assign(select, { className: "vh", tabIndex: -1, ariaHidden: "true" });

  const nav = new Combobox(box, list, { tabInsertsSuggestions: false, firstOptionSelectionMode: "selected" });
  const isOpen = () => !list.hidden;
  const chosenWords = () => (select.value && !isMany ? select.selectedOptions[0].text : "");
  const isUnderWay = () => isOpen() || box.value !== chosenWords();

  function show() {
    box.value = chosenWords();
    clear.hidden = !empty || !box.value;
    told.textContent = "";
    told.classList.add("vh");
  }

  function showTaken() {
    taken.replaceChildren(...[...select.selectedOptions].map(chip));
    taken.hidden = !taken.children.length;
    show();
  }

  function chip(option) {
    const off = element("button", { type: "button", textContent: option.text, ariaLabel: `Retirer : ${option.text}` });
    off.addEventListener("click", () => {
      option.selected = false;
      changed();
      told.textContent = `Retiré : ${option.text}`;
      box.focus();
    });
    const item = element("li", {});
    item.append(off);
    return item;
  }

  function changed() {
    for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
  }

  function holding(text, before = "") {
    const wanted = plain(text).split(" ").filter(Boolean);
    if (!list.children.length) list.append(...[...select.options].map(row));
    const isOffered = (each) => !isMany || !each.option.selected;
    return [...list.children].filter((each) => isOffered(each) && wanted.every((word) => each.words.includes(before + word)));
  }

  function narrow(text) {
    const beginning = holding(text, " ");
    const found = beginning.length ? beginning : holding(text);
    for (const each of list.children) each.hidden = !found.includes(each);
    told.textContent = found.length ? `${found.length} choix` : "Rien ne correspond : vérifiez l’orthographe, ou écrivez moins de mots.";
    told.classList.toggle("vh", found.length > 0);
    return found;
  }

  function open(text) {
    const found = narrow(text);
    if (!found.length) {
      close();
      return;
    }
    if (!isOpen()) {
      list.hidden = false;
      nav.start();
    }
    nav.resetSelection();
    const before = found[found.findIndex((each) => each.option.selected) - 1];
    if (!plain(text) && before) {
      // The choice made before is where the arrows begin: one step from the row above it.
      nav.clearSelection();
      before.setAttribute("aria-selected", "true");
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
    changed();
    if (isMany) told.textContent = `Ajouté : ${option.text}`;
  }

  // What was typed and not taken: nothing empties, words that fit one row alone take it, as the server would.
  function settle() {
    const found = holding(box.value);
    if (!box.value.trim() && empty) choose(empty);
    else if (box.value.trim() && found.length === 1) choose(found[0].option);
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
  box.addEventListener("blur", settle);
  box.addEventListener("keydown", (event) => {
    if (isUnderWay() && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
      show();
      box.select();
    } else if (isUnderWay() && event.key === "Enter") event.preventDefault();
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
  const refresh = isMany ? showTaken : show;
  select.addEventListener("change", refresh);
  addEventListener("pageshow", refresh);
  refresh();
  if (hadFocus) box.focus();
}

function row(option) {
  return element("li", { role: "option", option, words: ` ${plain(option.text)}`, textContent: option.text });
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
