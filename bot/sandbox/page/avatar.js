/** Round pictures for people (initials) and the app (its sign). */

import { el, svg } from "./dom.js";

const TINTS = 8;

/** Initials on a tint that stays the same for the same id. */
export function personAvatar(id, name) {
  const initials = name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [...word][0]);
  const letters = (initials[0] ?? "?") + (initials.length > 1 ? initials.at(-1) : "");
  const tint = [...id].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 997, 7) % TINTS;
  return el("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, letters.toUpperCase());
}

/** Two bars side by side: what was used, and what was reported. */
export function botAvatar() {
  const sign = svg(
    "svg",
    { viewBox: "0 0 32 32" },
    svg("rect", { class: "sign-a", x: 9, y: 8, width: 5.6, height: 16, rx: 2.8 }),
    svg("rect", { class: "sign-b", x: 17.4, y: 13, width: 5.6, height: 11, rx: 2.8 }),
  );
  return el("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, sign);
}
