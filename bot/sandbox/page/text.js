/** Text objects ({type: plain_text | mrkdwn, text}) to DOM nodes. */

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn, mrkdwnInline, unescape } from "./mrkdwn.js";

/** The words of a plain_text object. Slack keeps & < > escaped in both kinds of text and decodes them for display. */
export function plainWords(object) {
  if (!object) return "";
  const words = unescape(object.text);
  return object.emoji === false ? words : withEmoji(words);
}

/** A text object as a block of text. */
export function textBlock(object, env) {
  if (object.type === "mrkdwn") return mrkdwn(object.text, env);
  return el("div", { class: "text" }, el("p", { dir: "auto", class: "plain" }, plainWords(object)));
}

/** A text object as inline nodes. */
export function textInline(object, env) {
  return object.type === "mrkdwn" ? mrkdwnInline(object.text, env) : [plainWords(object)];
}
