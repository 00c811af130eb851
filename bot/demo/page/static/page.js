// The page in the browser: wires what people do to the server, and what changes there to the page.

import { startComposer } from "./composer.js";
import { ask, startModals, syncModals } from "./modals.js";
import { startPanels } from "./panels.js";
import { applyPatch } from "./patches.js";
import { copy, post, say } from "./talk.js";

const { user, where } = document.body.dataset;
const scroll = document.getElementById("scroll");
const newer = document.getElementById("newer");
const NEAR = 80;

function isAtEnd() {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
}

function showEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  newer.hidden = true;
}

/** What is longer than the window is read from its beginning. */
function showNew(added) {
  showEnd();
  const above = scroll.getBoundingClientRect().top - added[0].getBoundingClientRect().top;
  if (above > 0) scroll.scrollTop -= above;
}

function announce(added) {
  const message = added.at(-1)?.querySelector?.(".message");
  if (!message) return;
  const author = message.querySelector(".by strong")?.textContent ?? "";
  const text = message.querySelector(".body")?.textContent.trim().slice(0, 200) ?? "";
  document.getElementById("announcer").textContent = `${author}: ${text}`;
}

function onPatch(patch) {
  const isConversation = patch.region === "main" && scroll.querySelector(".messages");
  const wasAtEnd = isConversation && isAtEnd();
  const added = applyPatch(patch);
  if (patch.region === "modals") syncModals();
  if (!isConversation || added.length === 0) return;
  if (wasAtEnd) showNew(added);
  else newer.hidden = false;
  announce(added);
}

// A hidden tab lets go of its stream: browsers allow only six, and what nobody sees is not read.
function follow() {
  let stream = null;
  const change = () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource(`/as/${user}/${where}/events`);
      stream.addEventListener("patch", (event) => onPatch(JSON.parse(event.data)));
      stream.addEventListener("open", () => document.body.classList.remove("is-cut-off"));
      stream.addEventListener("error", () => document.body.classList.add("is-cut-off"));
    }
  };
  document.addEventListener("visibilitychange", change);
  change();
}

function placeOf(element) {
  const message = element.closest("[data-ts]");
  if (message) return [message, { channel: message.dataset.channel, ts: message.dataset.ts }];
  const view = element.closest("[data-view]");
  return [view, { view: view?.dataset.view }];
}

async function onAction(event) {
  const control = event.target;
  const [root, place] = placeOf(control);
  if (!root || (control.dataset.confirm && !await ask(JSON.parse(control.dataset.confirm)))) return;
  const { block_id, action_id, choice } = event.detail;
  const used = { block_id, action_id, choice, values: window.blockkit.collectValues(root) };
  control.setAttribute("aria-busy", "true");
  const { problem } = await post(`/as/${user}/press`, { place, used });
  control.removeAttribute("aria-busy");
  if (problem) say(problem);
}

function startChooser() {
  const form = document.querySelector(".chooser");
  form?.querySelector("select").addEventListener("change", () => form.requestSubmit());
}

function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(await (await fetch(button.dataset.copy)).text());
  });
}

startChooser();
if (user) {
  document.addEventListener("blockkit:action", onAction);
  newer.addEventListener("click", showEnd);
  startCopying();
  startPanels();
  startModals(user);
  startComposer(user, showEnd);
  showEnd();
  syncModals();
  follow();
  if (where === "home" || where === "messages") post(`/as/${user}/open/${where}`, {});
  document.documentElement.dataset.ready = "yes";
  performance.mark("ready");
}
