// Modals: native dialogs, one above the other, as the server has them in the person's stack.

import { post, say } from "./talk.js";

const WRONG = "[aria-invalid=true]";
const FIELDS = ".modal-body :is(input, select, textarea, button):not([disabled])";

function dialogs() {
  return [...document.querySelectorAll("dialog[data-view]")];
}

/** Opens those that are not open yet, and puts the cursor where the first error is, else the first field. */
export function syncModals() {
  for (const dialog of dialogs()) {
    const isNew = !dialog.open;
    if (isNew) dialog.showModal();
    if (isNew || dialog.dataset.submitted) {
      delete dialog.dataset.submitted;
      (dialog.querySelector(WRONG) ?? dialog.querySelector(FIELDS))?.focus();
    }
  }
}

export function startModals(user) {
  document.addEventListener("submit", (event) => onSubmit(event, user));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-close]");
    if (button) close(button.closest("dialog"), user, button.dataset.close === "all");
  });
  // The server closes: it may have to tell the app first.
  document.addEventListener("cancel", (event) => {
    if (!event.target.matches("dialog[data-view]")) return;
    event.preventDefault();
    close(event.target, user, false);
  }, true);
}

async function onSubmit(event, user) {
  const dialog = event.target.closest("dialog[data-view]");
  if (!dialog) return;
  event.preventDefault();
  if (event.target.dataset.submits !== "yes") return;
  const button = event.target.querySelector("[type=submit]");
  button.disabled = true;
  dialog.dataset.submitted = "yes";
  const values = window.blockkit.collectValues(event.target);
  const { problem } = await post(`/as/${user}/submit`, { view: dialog.dataset.view, values });
  button.disabled = false;
  if (problem) say(problem);
}

async function close(dialog, user, everything) {
  const { problem } = await post(`/as/${user}/close`, { view: dialog.dataset.view, everything });
  if (problem) say(problem);
}

/** Slack's "Are you sure?"; true when the person is. */
export function ask({ title, text, confirm, deny, style }) {
  const dialog = document.getElementById("ask");
  dialog.querySelector("h2").textContent = title?.text ?? "Are you sure?";
  dialog.querySelector("p").textContent = text?.text ?? "";
  const [no, yes] = dialog.querySelectorAll("footer button");
  no.textContent = deny?.text ?? "Cancel";
  yes.textContent = confirm?.text ?? "Yes";
  yes.classList.toggle("danger", style === "danger");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
