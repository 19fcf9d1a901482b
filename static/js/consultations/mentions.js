// « @ » in a message suggests the people who may read it; arrows and Enter, or a click, insert the name.
// The boxes under « Choisir qui prévenir » do the same without this script.
const MAX_NAMES = 6;
const MENTION_PATTERN = /(^|\s)@([^@\n]{0,40})$/;
const normalizeText = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function enableMentions(form) {
  const box = form.querySelector("textarea[name=body]");
  const list = form.querySelector("[data-assembly-mention-list]");
  const people = [...form.querySelectorAll("input[name=mentions]")].map((input) => {
    const label = input.closest("label").textContent.trim();
    return { label, name: label.split(", ")[0] };
  });
  let matches = [];
  let current = 0;
  list.id = `${box.id}_people`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Personnes à prévenir");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);

  const matchTyped = () => MENTION_PATTERN.exec(box.value.slice(0, box.selectionStart));

  function show() {
    const match = matchTyped();
    matches = match ? people.filter(({ label }) => normalizeText(label).includes(normalizeText(match[2]))).slice(0, MAX_NAMES) : [];
    current = Math.min(current, Math.max(matches.length - 1, 0));
    list.hidden = !matches.length;
    list.replaceChildren(...matches.map(({ label }, index) => option(label, index)));
    if (matches.length) box.setAttribute("aria-activedescendant", `${list.id}_${current}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function option(label, index) {
    const line = document.createElement("li");
    line.id = `${list.id}_${index}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", String(index === current));
    line.textContent = label;
    line.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(index);
    });
    return line;
  }

  function choose(index) {
    const match = matchTyped();
    const end = box.selectionStart;
    const start = end - match[2].length;
    box.setRangeText(`${matches[index].name} `, start, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  function close() {
    matches = [];
    current = 0;
    list.hidden = true;
    box.removeAttribute("aria-activedescendant");
  }

  box.addEventListener("input", show);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (!matches.length) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") choose(current);
    else if (event.key === "ArrowDown") current = (current + 1) % matches.length;
    else if (event.key === "ArrowUp") current = (current + matches.length - 1) % matches.length;
    else return;
    event.preventDefault();
    if (matches.length) show();
  });
}

document.querySelectorAll("[data-assembly-mentions]").forEach(enableMentions);
