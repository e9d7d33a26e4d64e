/** Links and mentions, shared by every text format of the page. */

import { el } from "./dom.js";

const SAFE = /^(https?:\/\/|mailto:|data:image\/|\/(?!\/))/i;

/** The full address if its scheme is harmless (web, mail, a picture's own bytes, this workspace), else null. */
export function safeUrl(address) {
  const base = location.origin;
  return SAFE.test(address) && URL.canParse(address, base) ? new URL(address, base).href : null;
}

/** A file of this workspace: the browser should save it, not open it. */
const isFile = (href) => href.startsWith(`${location.origin}/files/`);

/** A link with `content`; an address that is not safe becomes plain text. */
export function link(address, content) {
  const href = safeUrl(address);
  if (href === null) return el("span", {}, content);
  return el("a", { href, ...linkTarget(href) }, content);
}

/** Attributes that keep this page where it is. */
export const linkTarget = (href) =>
  isFile(href) ? { download: true } : { target: "_blank", rel: "noopener noreferrer" };

export const mention = (text, broad = false) =>
  el("span", { class: broad ? "mention mention-broad" : "mention" }, text);
