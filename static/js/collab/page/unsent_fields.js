// Unsent input in the forms of a list: read before an answer replaces the list, written into the same forms after.

const BOXES = "textarea, input[type=text], select";
const KEYS = new Set(["csrfmiddlewaretoken", "idempotency_key"]);

export const hasUnsentInput = (list) => [...list.querySelectorAll(BOXES)].some(isFilled);

/** What the fields of all forms hold, except the form that was just sent. */
export function collectInput(list, sent = null) {
  const forms = [...list.querySelectorAll("form")].filter((form) => form !== sent);
  return forms.flatMap((form) =>
    [...form.querySelectorAll(BOXES)].filter(isFilled)
      .map((box) => ({ form: nameOf(form), box: box.name, words: box.value, isText: !isChoice(box) })));
}

/** Fill the same fields again; return the words whose form is gone. */
export function restoreInput(list, input) {
  const forms = new Map([...list.querySelectorAll("form")].map((form) => [nameOf(form), form]));
  const gone = input.filter(({ form, box, words }) => !fill(forms.get(form)?.elements[box], words));
  return gone.filter((found) => found.isText).map((found) => found.words);
}

function fill(box, words) {
  if (!box) return false;
  box.value = words;
  const fold = box.closest("details");
  if (fold) fold.open = true;
  return true;
}

/** A visible box that no longer says what it said when it came. */
function isFilled(box) {
  if (!box.checkVisibility()) return false;
  if (!isChoice(box)) return Boolean(box.value);
  return [...box.options].some((option) => option.value && option.selected !== option.defaultSelected);
}

const isChoice = (box) => box instanceof HTMLSelectElement;

/** Its address, and what it always sends: two forms of one address differ by their step. */
function nameOf(form) {
  const always = [...form.querySelectorAll("input[type=hidden], button[name]")];
  const said = always.filter((field) => !KEYS.has(field.name)).map((field) => field.value);
  return [form.getAttribute("action"), ...said].join(" ");
}
