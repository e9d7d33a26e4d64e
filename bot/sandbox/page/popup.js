/** A box that opens under a button: the overflow menu and the multi-select list. */

const GAP = 4;
const EDGE = 8;

/**
 * Tie `box` (a popover) to `button`. The browser closes it on Escape and on a click elsewhere.
 * onOpen() is called once it is visible.
 */
export function attachPopup(button, box, onOpen = () => {}) {
  box.popover = "auto";
  button.setAttribute("aria-expanded", "false");
  button.popoverTargetElement = box;
  box.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    place(button, box);
    onOpen();
  });
}

/** Below the button when there is room, otherwise above; never outside the window. */
function place(button, box) {
  const from = button.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = from.bottom + GAP;
  const fits = below + size.height <= innerHeight - EDGE;
  const top = fits ? below : Math.max(EDGE, from.top - GAP - size.height);
  const left = Math.min(Math.max(EDGE, from.left), innerWidth - size.width - EDGE);
  box.style.setProperty("top", `${top}px`);
  box.style.setProperty("left", `${Math.max(EDGE, left)}px`);
}
