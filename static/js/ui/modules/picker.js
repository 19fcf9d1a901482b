// Long lists (select[data-assembly-picker]) and lists with several choices get a box to search them, also in dialogs and in
// parts that htmx inserted. Only pages with such a list fetch the code of the box.
const SHORT_LIST = 12;

async function enhanceLists() {
  const isLong = (select) => select.multiple || select.options.length > SHORT_LIST;
  const lists = [...document.querySelectorAll("select[data-assembly-picker]")].filter(isLong);
  if (!lists.length) return;
  const { enhance } = await import("./combobox.js");
  lists.filter((select) => select.isConnected && select.matches("[data-assembly-picker]")).forEach(enhance);
}

new MutationObserver(enhanceLists).observe(document.body, { childList: true, subtree: true });
enhanceLists();
