/** Keeping the keyboard's place when parts of the page are drawn anew. */

import { focusables } from "./dom.js";

/** A description of the focused element inside `root` that survives a redraw, or null. */
export function focusWithin(root) {
  const node = document.activeElement;
  if (!node || !root.contains(node) || node === root) return null;
  const { blockId, actionId, value, focusKey } = keyed(node);
  return { blockId, actionId, focusKey, value, selection: selectionOf(node) };
}

function keyed(node) {
  const holder = node.closest("[data-action-id], [data-focus-key]") ?? node;
  return { ...holder.dataset, value: node.value };
}

function selectionOf(node) {
  const typed = node.matches("textarea, input[type=text], input[type=email], input[type=url]");
  return typed ? [node.selectionStart, node.selectionEnd] : null;
}

/** Put the focus back on the element that answers the description; otherwise on `fallback`. */
export function restoreFocus(root, place, fallback = root) {
  if (!place) return;
  const node = find(root, place) ?? fallback;
  node.focus({ preventScroll: true });
  if (place.selection && node.setSelectionRange) node.setSelectionRange(...place.selection);
}

function find(root, { blockId, actionId, focusKey, value }) {
  const matches = [...root.querySelectorAll("[data-action-id], [data-focus-key]")].filter(({ dataset }) =>
    focusKey ? dataset.focusKey === focusKey : dataset.actionId === actionId,
  );
  const holder = matches.find(({ dataset }) => dataset.blockId === blockId) ?? matches[0];
  if (!holder) return null;
  const inner = focusables(holder);
  return inner.find((node) => node.value === value) ?? inner[0] ?? holder;
}

/** Keep Tab inside `dialog`: from the last element to the first, and back. */
export function trapTab(dialog) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = focusables(dialog);
    const [first, last] = [all[0], all.at(-1)];
    const outside = !dialog.contains(document.activeElement) || document.activeElement === dialog;
    const edge = event.shiftKey ? first : last;
    if (all.length && (outside || document.activeElement === edge)) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  });
}
