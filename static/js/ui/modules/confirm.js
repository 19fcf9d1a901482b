// A link to a question (data-assembly-dialog) opens the question here instead of on its own page.
// The address answers with the same page; the part marked data-assembly-question is shown in a dialog.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-assembly-dialog]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const question = await read(link.href).catch(() => null);
  if (!question) {
    location.assign(link.href);
    return;
  }
  show(question, link);
});

async function read(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-assembly-question]");
}

function show(question, opener) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const title = question.querySelector("h1, h2");
  if (title) {
    const smaller = document.createElement("h2");
    smaller.id = "question";
    smaller.append(...title.childNodes);
    title.replaceWith(smaller);
    dialog.setAttribute("aria-labelledby", "question");
  }
  dialog.append(...question.childNodes);
  dialog.querySelectorAll("[data-assembly-back]").forEach((back) =>
    back.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    }),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
