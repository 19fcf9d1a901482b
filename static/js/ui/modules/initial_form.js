// A form as the server sent it. On a slow connection the user types before a script runs, and browsers restore input on a page
// that is shown again: the fields may differ from what was sent.
export function initialForm(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}
