/** Pressing things: confirm, tell the server, show that it is under way, say what went wrong. */

import { act } from "./api.js";
import { confirmed } from "./confirm.js";
import { refreshAfterNow, store } from "./state.js";
import { toast } from "./toast.js";
import { silentChanges } from "./values.js";

/**
 * Send a block action. `payload` is {value} or {selected}; `node` shows that it is under way.
 * Nothing is sent while an earlier press of the same node is unanswered, or when the person declines.
 */
export async function sendAction(surface, block, element, payload, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (element.confirm && !(await confirmed(element.confirm, surface.env))) return;
  const at = {
    type: "action",
    container: surface.container,
    block_id: block.block_id,
    action_id: element.action_id,
  };
  await whileBusy(node, async () => {
    await tellTyped(node.closest("[data-surface]"), node, surface);
    await perform({ ...at, ...payload });
  });
}

/** Tell the server what was typed into the fields around `node`, so that the action carries it in the view's state. */
async function tellTyped(root, node, surface) {
  for (const { field, ...value } of silentChanges(root)) {
    if (field !== node)
      await act({ user: store.person, type: "action", container: surface.container, ...value });
  }
}

/** Act as the chosen person and load what changed; `tell` shows a refusal. Resolves to the server's answer. */
export async function perform(body, tell = toast) {
  const answer = await act({ user: store.person, ...body });
  await refreshAfterNow();
  if (!answer.ok) tell(answer.error ?? "That did not work.");
  return answer;
}

/** Mark `node` as busy until `work` is done; the focus stays where it is. */
export async function whileBusy(node, work) {
  node.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

const SETTLE_MS = 700;

/**
 * Call `send` when the person has settled on a value: at once after a click or Enter, after a pause (or on leaving the
 * field) when the arrow keys walk through the choices, so that walking past a choice does not choose it.
 */
export function whenSettled(node, send) {
  let walking = false;
  let timer = null;
  const flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    send();
  };
  node.addEventListener("keydown", (event) => {
    walking = event.key.startsWith("Arrow") || event.key.length === 1;
    if (event.key === "Enter") flush();
  });
  node.addEventListener("pointerdown", () => (walking = false));
  node.addEventListener("focusout", flush);
  node.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(flush, walking ? SETTLE_MS : 0);
  });
}
