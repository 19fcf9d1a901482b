// Unsent input in the forms of a list: read before an answer replaces the list, written into the same forms after.

const FIELDS = "textarea, input[type=text], select";
const KEYS = new Set(["csrfmiddlewaretoken", "idempotency_key"]);

export const hasUnsentInput = (list) => [...list.querySelectorAll(FIELDS)].some(isFilled);

/** Return the input of all forms, except the form that was just sent. */
export function collectInput(list, sentForm = null) {
  const forms = [...list.querySelectorAll("form")].filter((form) => form !== sentForm);
  return forms.flatMap((form) =>
    [...form.querySelectorAll(FIELDS)].filter(isFilled)
      .map((box) => ({ form: formKey(form), box: box.name, value: box.value, isText: !isChoice(box) })));
}

/** Fill the same fields again; return the input whose form no longer exists. */
export function restoreInput(list, input) {
  const forms = new Map([...list.querySelectorAll("form")].map((form) => [formKey(form), form]));
  const unplaced = input.filter(({ form, box, value }) => !fill(forms.get(form)?.elements[box], value));
  return unplaced.filter((entry) => entry.isText).map((entry) => entry.value);
}

function fill(box, value) {
  if (!box) return false;
  box.value = value;
  const fold = box.closest("details");
  if (fold) fold.open = true;
  return true;
}

/** Return whether a visible field differs from what the server sent. */
function isFilled(box) {
  if (!box.checkVisibility()) return false;
  if (!isChoice(box)) return Boolean(box.value);
  return [...box.options].some((option) => option.value && option.selected !== option.defaultSelected);
}

const isChoice = (box) => box instanceof HTMLSelectElement;

/** Return the address of the form with its fixed values: two forms of one address differ by their step. */
function formKey(form) {
  const fixedFields = [...form.querySelectorAll("input[type=hidden], button[name]")];
  const values = fixedFields.filter((field) => !KEYS.has(field.name)).map((field) => field.value);
  return [form.getAttribute("action"), ...values].join(" ");
}
