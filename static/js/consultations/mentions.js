// « @ » in a message proposes the people who may read it; arrows and Enter, or a click, write the name.
// The boxes under « Choisir qui prévenir » do the same without this script.
const SHOWN = 6;
const OPENING = /(^|\s)@([^@\n]{0,40})$/;
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function wire(form) {
  const box = form.querySelector("textarea[name=body]");
  const list = form.querySelector("[data-assembly-mention-list]");
  const people = [...form.querySelectorAll("input[name=mentions]")].map((input) => {
    const words = input.closest("label").textContent.trim();
    return { words, name: words.split(", ")[0] };
  });
  let found = [];
  let current = 0;
  list.id = `${box.id}_people`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Personnes à prévenir");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);

  const typed = () => OPENING.exec(box.value.slice(0, box.selectionStart));

  function show() {
    const match = typed();
    found = match ? people.filter(({ words }) => bare(words).includes(bare(match[2]))).slice(0, SHOWN) : [];
    current = Math.min(current, Math.max(found.length - 1, 0));
    list.hidden = !found.length;
    list.replaceChildren(...found.map(({ words }, at) => option(words, at)));
    if (found.length) box.setAttribute("aria-activedescendant", `${list.id}_${current}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function option(words, at) {
    const line = document.createElement("li");
    line.id = `${list.id}_${at}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", String(at === current));
    line.textContent = words;
    line.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(at);
    });
    return line;
  }

  function choose(at) {
    const match = typed();
    const end = box.selectionStart;
    const start = end - match[2].length;
    box.setRangeText(`${found[at].name} `, start, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  function close() {
    found = [];
    current = 0;
    list.hidden = true;
    box.removeAttribute("aria-activedescendant");
  }

  box.addEventListener("input", show);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (!found.length) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") choose(current);
    else if (event.key === "ArrowDown") current = (current + 1) % found.length;
    else if (event.key === "ArrowUp") current = (current + found.length - 1) % found.length;
    else return;
    event.preventDefault();
    if (found.length) show();
  });
}

document.querySelectorAll("[data-assembly-mentions]").forEach(wire);
