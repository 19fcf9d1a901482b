// Signing out erases every text on this device, whatever page it is from.
import { announceSignOut, eraseAll } from "../../collab/net/copies.js";

const TIMEOUT_MS = 2000;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!/\/deconnexion\/$/.test(new URL(form.action).pathname) || form.method !== "post" || form.dataset.assemblyErased) return;
  event.preventDefault();
  form.dataset.assemblyErased = "yes";
  announceSignOut();
  await Promise.race([eraseAll().catch(() => {}), new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS))]);
  form.requestSubmit(event.submitter);
});
