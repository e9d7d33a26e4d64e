/** Redraw a list with as little disturbance as possible: what did not change stays the same element. */

import { focusWithin, restoreFocus } from "./focus.js";

const drawn = new WeakMap();

/** Make the children of `parent` those of `items`: [{key, print, build()}]; `print` says whether a child changed. */
export function patchList(parent, items) {
  const before = drawn.get(parent) ?? new Map();
  const after = new Map();
  let cursor = parent.firstChild;
  for (const item of items) {
    const old = before.get(item.key);
    const node = old?.print === item.print ? old.node : replace(old?.node, item.build());
    if (old && node !== old.node && cursor === old.node) cursor = node;
    after.set(item.key, { node, print: item.print });
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const [key, { node }] of before) if (!after.has(key)) node.remove();
  drawn.set(parent, after);
}

function replace(old, node) {
  if (!old) return node;
  const place = focusWithin(old);
  old.replaceWith(node);
  restoreFocus(node, place);
  return node;
}
