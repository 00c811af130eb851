// What drawn blocks do by themselves: menus, sorting, turning pages; and how they tell of their use.
//
// Everything is heard at the document, so that blocks which arrive later work, too. Using an element sends
// one bubbling event "blockkit:action" from it, with detail {block_id, action_id, type, choice}; an element
// of an input stays quiet unless its block asked for it. Asking "Are you sure?" (data-confirm) is for whoever
// listens. window.blockkit.collectValues(root) gives what the fields inside root hold, by block id.

"use strict";

(() => {
  const CONTROL = "[data-type]";
  const TYPED = new Set(["plain_text", "rich_text", "number", "email_text", "url_text"].map((kind) => `${kind}_input`));

  const isMulti = (control) => control.dataset.type.startsWith("multi_");
  const checked = (control) => [...control.querySelectorAll("input:checked")].map((box) => box.value);

  // ---- What an element holds ------------------------------------------------------------------------

  function choiceOf(control) {
    const kind = control.dataset.type;
    if (kind === "checkboxes" || isMulti(control)) return checked(control);
    if (kind === "radio_buttons") return checked(control)[0] ?? null;
    if (kind === "datetimepicker") return secondsOf(control.value, control.dataset.timezone);
    if (kind === "file_input") return [...control.files].map((file) => file.name);
    return control.value || null;
  }

  // Seconds since 1970 of a local time in a zone: guessed as if it were UTC, then put right by the
  // difference that the zone's clock shows, twice, for guesses on the other side of a change of clocks.
  function secondsOf(local, timezone) {
    if (!local) return null;
    const wanted = Date.parse(`${local}Z`);
    let guess = wanted;
    for (let round = 0; round < 2; round += 1) guess += wanted - clockIn(timezone, guess);
    return guess / 1000;
  }

  function clockIn(timezone, moment) {
    const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" });
    return Date.parse(`${shown.format(moment).replace(" ", "T")}Z`);
  }

  // By block id; a row of actions holds several, so those are by action id within it.
  function collectValues(root) {
    const values = {};
    for (const control of root.querySelectorAll(`:is(.bk-input, .bk-accessory, .bk-actions) ${CONTROL}`)) {
      const { blockId, type, actionId } = control.dataset;
      if (actionId === undefined || type === "button" || type === "overflow") continue;
      if (control.closest(".bk-actions")) (values[blockId] ??= {})[actionId] = choiceOf(control);
      else values[blockId] = choiceOf(control);
    }
    return values;
  }

  // ---- Telling of use -------------------------------------------------------------------------------

  function tell(control, choice) {
    const { blockId, actionId, type } = control.dataset;
    if (actionId === undefined) return;
    const detail = { block_id: blockId, action_id: actionId, type, choice };
    control.dispatchEvent(new CustomEvent("blockkit:action", { bubbles: true, detail }));
  }

  // Whether the element tells of this kind of use ("enter", "character", "change").
  function isHeard(control, how) {
    const input = control.closest(".bk-input");
    if (!input) return true;
    const asked = input.dataset.dispatch;
    if (asked === undefined) return false;
    return !TYPED.has(control.dataset.type) || asked.split(" ").includes(how);
  }

  function onPress(event) {
    const pressed = event.target.closest("button, a, summary");
    if (!pressed) return;
    if (pressed.classList.contains("bk-sort")) return void sortBy(pressed.closest("th"));
    if (pressed.classList.contains("bk-turn")) return void turnPage(pressed);
    if (pressed.classList.contains("bk-menu-item")) return void pick(pressed);
    if (pressed.matches(CONTROL)) tell(pressed, pressed.dataset.value ?? null);
  }

  function pick(item) {
    const menu = item.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
    tell(menu, item.dataset.value);
  }

  function onChange(event) {
    const control = event.target.closest(CONTROL);
    if (!control) return;
    if (isMulti(control)) return void showChosen(control);
    const choice = choiceOf(control);
    const isUndone = control.matches("select") && choice === null; // Slack has no way back to "Choose…"
    const how = TYPED.has(control.dataset.type) ? "blur" : "change";
    if (!isUndone && isHeard(control, how)) tell(control, choice);
  }

  function onTyping(event) {
    const control = event.target.closest(CONTROL);
    if (!control || !TYPED.has(control.dataset.type)) return;
    if (control.closest(".bk-input") && isHeard(control, "character")) tell(control, choiceOf(control));
  }

  function onKey(event) {
    if (event.key === "Escape") return void closeMenus(event);
    const control = event.key === "Enter" && event.target.closest(CONTROL);
    if (!control || control.tagName === "TEXTAREA" || !TYPED.has(control.dataset.type)) return;
    const input = control.closest(".bk-input");
    if (!input || input.dataset.dispatch === undefined || !isHeard(control, "enter")) return;
    event.preventDefault();
    tell(control, choiceOf(control));
  }

  // ---- Menus ----------------------------------------------------------------------------------------

  const MENUS = "details.bk-overflow[open], details.bk-multi[open]";

  function closeOthers(event) {
    for (const menu of document.querySelectorAll(MENUS)) if (!menu.contains(event.target)) menu.open = false;
  }

  function closeMenus(event) {
    const menu = event.target.closest(MENUS);
    if (!menu) return;
    event.preventDefault();
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  }

  function showChosen(menu) {
    const boxes = [...menu.querySelectorAll("input")];
    const chosen = boxes.filter((box) => box.checked);
    const line = menu.querySelector("summary");
    line.textContent = chosen.map((box) => box.parentElement.textContent).join(", ") || line.dataset.empty;
    const isFull = chosen.length >= Number(menu.dataset.max || Infinity);
    for (const box of boxes) box.disabled = isFull && !box.checked;
    menu.dataset.changed = "";
  }

  // A menu for several choices tells of them when it closes.
  function onToggle(event) {
    const menu = event.target;
    if (!menu.matches?.("details.bk-multi") || menu.open || menu.dataset.changed === undefined) return;
    delete menu.dataset.changed;
    if (isHeard(menu, "change")) tell(menu, choiceOf(menu));
  }

  // ---- Tables ---------------------------------------------------------------------------------------

  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  const words = new Intl.Collator("en", { sensitivity: "base", numeric: false });

  function sortBy(heading) {
    const table = heading.closest("table");
    const order = NEXT[heading.getAttribute("aria-sort")] ?? "ascending";
    for (const other of heading.parentElement.children) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", order);
    const rows = [...table.tBodies[0].rows];
    rows.forEach((row, place) => { row.dataset.place ??= place; });
    table.tBodies[0].append(...sorted(rows, heading, order));
    showPage(heading.closest(".bk-data-table"), 0);
  }

  function sorted(rows, heading, order) {
    const original = (one, other) => one.dataset.place - other.dataset.place;
    if (order === "none") return rows.sort(original);
    const column = heading.cellIndex;
    const compare = heading.dataset.sort === "number"
      ? (one, other) => Number(one.dataset.value) - Number(other.dataset.value)
      : (one, other) => words.compare(one.textContent, other.textContent);
    const sign = order === "ascending" ? 1 : -1;
    return rows.sort((one, other) => sign * compare(one.cells[column], other.cells[column]) || original(one, other));
  }

  function turnPage(button) {
    const whole = button.closest(".bk-data-table");
    showPage(whole, Number(whole.dataset.page || 0) + Number(button.dataset.step));
  }

  function showPage(whole, page) {
    const size = Number(whole.dataset.pageSize);
    const rows = [...whole.querySelectorAll("tbody > tr")];
    rows.forEach((row, place) => { row.hidden = Math.floor(place / size) !== page; });
    whole.dataset.page = page;
    const said = whole.querySelector(".bk-pages");
    if (!said) return;
    const last = Math.min((page + 1) * size, rows.length);
    said.textContent = `${page * size + 1}\u2013${last} of ${rows.length}`;
    const [previous, next] = whole.querySelectorAll(".bk-turn");
    previous.disabled = page === 0;
    next.disabled = last === rows.length;
  }

  document.addEventListener("click", closeOthers);
  document.addEventListener("click", onPress);
  document.addEventListener("change", onChange);
  document.addEventListener("input", onTyping);
  document.addEventListener("keydown", onKey);
  document.addEventListener("toggle", onToggle, true);
  window.blockkit = { collectValues };
})();
