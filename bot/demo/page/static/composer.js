// The box at the bottom: completion of the command, its words and people; Enter sends.

import { post, say } from "./talk.js";

export function startComposer(user, showEnd) {
  const form = document.getElementById("composer");
  if (!form) return;
  const box = document.getElementById("say");
  const offers = new Offers(box);
  const picked = new Map();
  const typed = new Typed(box);

  box.addEventListener("input", () => offers.update());
  box.addEventListener("click", () => offers.update());
  box.addEventListener("blur", () => offers.close());
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // an input method chooses a character
    if (offers.onKey(event, picked) || typed.onKey(event)) event.preventDefault();
  });
  offers.list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the box keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) offers.take(option, picked);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    typed.keep(text);
    box.value = "";
    offers.update();
    showEnd();
    await send(user, withMentions(text, picked));
  });
}

async function send(user, text) {
  const waiting = document.getElementById("waiting");
  waiting.textContent = text.startsWith("/") ? "Waiting for Codex Usage …" : "";
  const { problem } = await post(`/as/${user}/say`, { channel: document.body.dataset.conversation, text });
  waiting.textContent = "";
  if (problem) say(problem);
}

/** Names that were picked from the list go out as references, as Slack's own clients send them. */
function withMentions(text, picked) {
  const longestFirst = [...picked].sort(([one], [other]) => other.length - one.length);
  for (const [name, id] of longestFirst) text = text.split(name).join(`<@${id}>`);
  return text;
}

/** What was typed before comes back with the arrow up, as in a terminal. */
class Typed {
  constructor(box) {
    this.box = box;
    this.texts = JSON.parse(sessionStorage.getItem("typed") ?? "[]");
    this.place = this.texts.length;
  }

  keep(text) {
    this.texts = [...this.texts.filter((one) => one !== text), text].slice(-20);
    this.place = this.texts.length;
    sessionStorage.setItem("typed", JSON.stringify(this.texts));
  }

  onKey({ key }) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    const isOurs = this.box.value === "" || this.box.value === this.texts[this.place];
    if (!step || !isOurs || this.place + step < 0 || this.place + step > this.texts.length) return false;
    this.place += step;
    this.box.value = this.texts[this.place] ?? "";
    return true;
  }
}

class Offers {
  constructor(box) {
    this.box = box;
    this.list = document.getElementById("offers");
    this.options = [...this.list.children];
    this.hint = document.getElementById("hint");
    this.command = document.getElementById("usage").dataset.command;
    this.at = -1;
  }

  get shown() {
    return this.options.filter((option) => !option.hidden);
  }

  update() {
    const { kind, start, part } = this.wanted();
    for (const option of this.options) {
      option.hidden = option.dataset.kind !== kind || !fits(option.dataset, part);
    }
    this.start = start;
    this.hint.hidden = !this.box.value.startsWith(this.command);
    this.point(kind === "command" || kind === "person" ? 0 : -1);
    this.open(this.shown.length > 0);
  }

  /** Which kind of offer fits what stands before the cursor, and the part of it that was typed. */
  wanted() {
    const text = this.box.value.slice(0, this.box.selectionStart);
    const at = text.match(/(?:^|\s)@([^@]*)$/);
    if (at && !this.isPicked(at[1])) return { kind: "person", start: text.length - at[1].length - 1, part: at[1] };
    if (/^\/\S*$/.test(text)) return { kind: "command", start: 0, part: text };
    if (!text.startsWith(`${this.command} `)) return { kind: null };
    const words = text.slice(this.command.length + 1).split(/\s+/);
    const part = words.at(-1);
    return { kind: words.length === 1 ? "word" : "period", start: text.length - part.length, part };
  }

  isPicked(text) {
    return this.options.some(({ dataset }) => dataset.kind === "person" && text.startsWith(dataset.typed.slice(1)));
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.box.setAttribute("aria-expanded", isOpen);
    if (!isOpen) this.point(-1);
  }

  close() {
    this.open(false);
  }

  point(place) {
    this.options.forEach((option) => option.setAttribute("aria-selected", "false"));
    const option = this.shown[place];
    this.at = option ? place : -1;
    if (!option) return this.box.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", option.id);
  }

  /** True when the key was for the list. */
  onKey({ key }, picked) {
    const { shown } = this;
    if (this.list.hidden || shown.length === 0) return false;
    if (key === "ArrowDown") this.point((this.at + 1) % shown.length);
    else if (key === "ArrowUp") this.point((this.at - 1 + shown.length) % shown.length);
    else if (key === "Escape") this.close();
    else if (key === "Tab" && this.box.value) this.take(shown[Math.max(this.at, 0)], picked);
    else if (key === "Enter" && this.at >= 0 && !this.isWhole()) this.take(shown[this.at], picked);
    else return false;
    return true;
  }

  /** The command alone is a whole command, too: Enter sends it. */
  isWhole() {
    return this.box.value === this.command;
  }

  take(option, picked) {
    const { typed, slackId } = option.dataset;
    const rest = this.box.value.slice(this.box.selectionStart);
    this.box.value = this.box.value.slice(0, this.start) + typed + rest;
    const cursor = this.start + typed.length;
    this.box.setSelectionRange(cursor, cursor);
    if (slackId) picked.set(typed.trim(), slackId);
    this.update();
  }
}

function fits({ kind, starts }, part) {
  const wanted = part.toLowerCase();
  if (kind !== "person") return starts.toLowerCase().startsWith(wanted);
  return starts.startsWith(wanted) || starts.split(" ").some((word) => word.startsWith(wanted));
}
