// What opens at the side: the conversations on a phone, the clock with its levers, the inspector.

import { post, say } from "./talk.js";

export function startPanels() {
  for (const id of ["clock", "inspector"]) {
    if (sessionStorage.getItem("panel") === id) show(id, true);
  }
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggle]");
    if (toggle) onToggle(toggle.dataset.toggle);
    const exchange = event.target.closest("[data-exchange]");
    if (exchange) onExchange(exchange);
    const lever = event.target.closest("[data-lever]");
    if (lever) onLever(lever);
  });
  document.addEventListener("keydown", (event) => {
    const panel = event.key === "Escape" && event.target.closest(".panel, .side.is-open");
    if (panel) onToggle(panel.id);
  });
}

function onToggle(id) {
  if (id === "side") return showSide(!document.getElementById("side").classList.contains("is-open"));
  const opens = document.getElementById(id).hidden;
  show("clock", opens && id === "clock");
  show("inspector", opens && id === "inspector");
  sessionStorage.setItem("panel", opens ? id : "");
  const next = opens ? `#${id} [data-toggle]` : `.top [data-toggle="${id}"]`;
  document.querySelector(next).focus();
}

function show(id, isOpen) {
  document.getElementById(id).hidden = !isOpen;
  document.querySelector(`.top [data-toggle="${id}"]`).setAttribute("aria-expanded", isOpen);
}

function showSide(isOpen) {
  document.getElementById("side").classList.toggle("is-open", isOpen);
  document.querySelector('[data-toggle="side"]').setAttribute("aria-expanded", isOpen);
  if (isOpen) document.querySelector("#side a").focus();
}

async function onExchange(button) {
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", !isOpen);
  if (isOpen) return button.nextElementSibling.remove();
  const detail = document.createElement("div");
  detail.className = "detail";
  button.after(detail);
  const { request, answer } = await (await fetch(`/exchange/${button.dataset.exchange}`)).json();
  for (const [title, text] of [["Request", request], ["Answer", answer]]) {
    const heading = document.createElement("h3");
    heading.textContent = title;
    const payload = document.createElement("pre");
    payload.textContent = text;
    payload.tabIndex = 0;
    detail.append(heading, payload);
  }
}

async function onLever(button) {
  const given = { ...button.dataset.given && JSON.parse(button.dataset.given) };
  for (const field of button.parentElement.querySelectorAll("select[name]")) given[field.name] = field.value;
  button.disabled = true;
  const { said, problem } = await post(`/clock/${button.dataset.lever}`, given);
  button.disabled = false;
  if (problem) say(problem);
  document.getElementById("happened").textContent = said ?? "";
}
