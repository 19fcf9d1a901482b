// A form as the server sent it. On a slow line words are typed before a script runs, and browsers put words back on a
// page shown again: what stands in the boxes is not what was sent.
export function asSent(form) {
  const sent = form.cloneNode(true);
  sent.reset();
  return sent;
}
