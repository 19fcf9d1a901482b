// Whoever signs out leaves no text behind on this device, whatever page it is from.
import { announceSignOut, eraseAll } from "../../collab/net/copies.js";

const LONGEST = 2000;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!/\/deconnexion\/$/.test(new URL(form.action).pathname) || form.method !== "post" || form.dataset.assemblyErased) return;
  event.preventDefault();
  form.dataset.assemblyErased = "yes";
  announceSignOut();
  await Promise.race([eraseAll().catch(() => {}), new Promise((done) => setTimeout(done, LONGEST))]);
  form.requestSubmit(event.submitter);
});
