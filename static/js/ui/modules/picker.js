// Long lists of choices (select[data-assembly-picker]) and lists of several get a box that finds a choice by its words, wherever they come from:
// the page, a dialog, a part that htmx put in. The code of the box is fetched by pages that hold such a list alone.
const FEW = 12;

async function enhanceLists() {
  const isLong = (select) => select.multiple || select.options.length > FEW;
  const lists = [...document.querySelectorAll("select[data-assembly-picker]")].filter(isLong);
  if (!lists.length) return;
  const { enhance } = await import("./combobox.js");
  lists.filter((select) => select.isConnected && select.matches("[data-assembly-picker]")).forEach(enhance);
}

new MutationObserver(enhanceLists).observe(document.body, { childList: true, subtree: true });
enhanceLists();
