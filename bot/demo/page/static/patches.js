// Swapping what changed, item by item, without taking away focus, scroll or what is being typed.

const CONTROLS = "input, select, textarea";

/** Brings a region up to date; gives the items that were not there before. */
export function applyPatch({ region, keys, items }) {
  const root = document.querySelector(`[data-region="${region}"]`);
  if (!root) return [];
  const old = new Map([...root.children].map((item) => [item.dataset.key, item]));
  const added = [];
  const focused = describeFocus(root);
  let before = root.firstElementChild;
  for (const key of keys) {
    const had = old.get(key);
    const item = items[key] ? swap(had, key, items[key], root) : had;
    old.delete(key);
    if (!had) added.push(item);
    if (before === had && had !== item) before = had.nextElementSibling;
    if (item !== before) root.insertBefore(item, before);
    else before = before.nextElementSibling;
    if (had && had !== item) had.remove();
  }
  for (const item of old.values()) leave(item);
  focusAgain(root, focused);
  return added;
}

function swap(had, key, { digest, html }, root) {
  if (had?.dataset.digest === digest) return had;
  const item = document.createElement(root.tagName === "OL" ? "li" : "div");
  item.dataset.key = key;
  item.dataset.digest = digest;
  item.innerHTML = html;
  if (!had) return item;
  keepTyped(had, item);
  // An open dialog stays open: only what is in it is new.
  const [dialog, next] = [had.querySelector("dialog[open]"), item.querySelector("dialog")];
  if (!dialog || !next) return item;
  dialog.replaceChildren(...next.childNodes);
  had.dataset.digest = digest;
  return had;
}

function leave(item) {
  item.querySelector("dialog[open]")?.close(); // gives the focus back to where it was
  item.remove();
}

/** Where the same control is in another drawing of the same item. */
function nameOf(control) {
  const { blockId, actionId, value } = control.dataset;
  if (!actionId) return control.id ? `#${CSS.escape(control.id)}` : null;
  let name = `[data-block-id="${CSS.escape(blockId)}"][data-action-id="${CSS.escape(actionId)}"]`;
  if (control.type === "checkbox" || control.type === "radio") name += `[value="${CSS.escape(control.value)}"]`;
  if (value !== undefined) name += `[data-value="${CSS.escape(value)}"]`;
  return name;
}

function keepTyped(from, to) {
  for (const control of from.querySelectorAll(CONTROLS)) {
    const name = isTouched(control) && nameOf(control);
    const next = name && to.querySelector(name);
    if (!next) continue;
    if (control.type === "checkbox" || control.type === "radio") next.checked = control.checked;
    else if (control.multiple) for (const option of next.options) option.selected = isChosen(control, option.value);
    else next.value = control.value;
  }
}

function isTouched(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control.options) return [...control.options].some((option) => option.selected !== option.defaultSelected);
  return control.value !== control.defaultValue;
}

function isChosen(select, value) {
  return [...select.selectedOptions].some((option) => option.value === value);
}

function describeFocus(root) {
  const control = document.activeElement;
  if (!control || !root.contains(control)) return null;
  const link = control.tagName === "A" ? `a[href="${CSS.escape(control.getAttribute("href"))}"]` : null;
  const { selectionStart, selectionEnd } = control;
  const key = control.closest("[data-key]")?.dataset.key;
  return { name: nameOf(control) ?? link, key, selectionStart, selectionEnd, control };
}

function focusAgain(root, focused) {
  if (!focused || document.activeElement === focused.control) return;
  const item = [...root.children].find(({ dataset }) => dataset.key === focused.key);
  const control = focused.name && item?.querySelector(focused.name);
  if (!control) return;
  control.focus({ preventScroll: true });
  if (typeof focused.selectionStart === "number" && control.setSelectionRange) {
    control.setSelectionRange(focused.selectionStart, focused.selectionEnd);
  }
}
