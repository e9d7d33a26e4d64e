/** Long text of a message: its beginning, and a button for the rest. */

import { el } from "./dom.js";

const LONG = 700;

/** `node` as it is, or folded when the text object is long; `always` shows all of it from the start. */
export function folded(node, object, always) {
  if (always || object.text.length <= LONG) return node;
  node.classList.add("folded");
  const button = el(
    "button",
    { type: "button", class: "link-button", "aria-expanded": "false", data: { testid: "see-more" } },
    "See more",
  );
  button.addEventListener("click", () => {
    const open = !node.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "See less" : "See more";
  });
  return [node, button];
}
