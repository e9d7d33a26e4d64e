/** The thread that is being answered: a strip above the box to write in, until the person leaves it. */

import { timeOf, writtenAt } from "./dates.js";
import { el, icon, ICONS } from "./dom.js";
import { zoneOfPerson } from "./surface.js";
import { announce } from "./toast.js";

/** Returns {node, open(message), leave(), ts()}; `ts()` is that of the thread's first message, or null. */
export function threadStrip() {
  const words = el("p", { dir: "auto" });
  const close = el(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Leave the thread",
      data: { testid: "thread-leave" },
      on: { click: () => leave() },
    },
    icon(ICONS.close),
  );
  const node = el(
    "div",
    { class: "thread-strip", hidden: true, data: { testid: "thread" } },
    icon(ICONS.reply),
    words,
    close,
  );
  let current = null;

  function open(message) {
    current = message.ts;
    const at = timeOf(writtenAt(message), zoneOfPerson());
    words.textContent = `Answering in the thread of ${message.user_name}, ${at}`;
    node.hidden = false;
  }
  function leave() {
    if (current === null) return;
    current = null;
    node.hidden = true;
    announce("Left the thread");
  }
  return { node, open, leave, ts: () => current };
}
