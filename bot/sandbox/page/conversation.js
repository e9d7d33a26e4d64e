/** A conversation: its messages by day, threads below their first message, and the composer. */

import { composer } from "./composer.js";
import { dayHeading, sameDay, writtenAt } from "./dates.js";
import { el } from "./dom.js";
import { messageNode } from "./message.js";
import { patchList } from "./patch.js";
import { conversationOf, store } from "./state.js";
import { zoneOfPerson } from "./surface.js";

const NEAR_END = 80;

/** Returns {node, update()}; update() after every new state. */
export function conversationView(id) {
  const list = el("ol", { class: "messages", data: { testid: "messages" } });
  const empty = el("p", { class: "empty" });
  const scroller = el(
    "div",
    { class: "scroller", tabindex: "0", role: "region" },
    el("div", { class: "column" }, empty, list),
  );
  const title = el("h1", { dir: "auto" });
  const box = composer(id);
  const node = el(
    "section",
    { class: "place" },
    el("header", { class: "place-head" }, title),
    scroller,
    box.node,
  );
  const keepEnd = followEnd(scroller, list);

  function update() {
    const conversation = conversationOf(id);
    if (!conversation) return;
    const name = conversation.kind === "im" ? conversation.name : `# ${conversation.name}`;
    title.textContent = name;
    scroller.setAttribute("aria-label", `Messages with ${name}`);
    empty.textContent = conversation.messages.length ? "" : `Nothing here yet. This is the start of ${name}.`;
    patchList(list, rows(conversation, box.answer));
    box.update(conversation);
    keepEnd();
  }
  return { node, update };
}

/** Day headings and messages in reading order; what begins a thread in the DM can be answered there. */
function rows({ id, kind, messages }, answer) {
  const zone = zoneOfPerson();
  const now = new Date(store.data.clock);
  let day = null;
  return inThreads(messages).flatMap(({ message, reply }) => {
    const at = writtenAt(message);
    const first = !reply && (day === null || !sameDay(at, day, zone));
    if (first) day = at;
    const row = {
      key: message.ts,
      print: JSON.stringify([message, reply, zone]),
      build: () => messageNode(message, id, reply, kind === "im" && !message.ephemeral ? answer : null),
    };
    return first ? [dayRow(at, now, zone), row] : [row];
  });
}

function dayRow(at, now, zone) {
  const words = dayHeading(at, now, zone);
  return {
    key: `day-${at.toISOString()}`,
    print: words,
    build: () => el("li", { class: "day" }, el("h2", {}, words)),
  };
}

function inThreads(messages) {
  const known = new Set(messages.map(({ ts }) => ts));
  const isReply = ({ ts, thread_ts: parent }) => Boolean(parent) && parent !== ts && known.has(parent);
  return messages
    .filter((message) => !isReply(message))
    .flatMap((message) => [
      { message, reply: false },
      ...messages
        .filter((other) => isReply(other) && other.thread_ts === message.ts)
        .map((other) => ({ message: other, reply: true })),
    ]);
}

/**
 * Stay at the newest message while the person is there; a message taller than the window is shown from its start.
 * Returns a function to call after new messages were drawn.
 */
function followEnd(scroller, list) {
  let following = true;
  let ours = -1; // where we scrolled to ourselves: not a decision of the person
  scroller.addEventListener("scroll", () => {
    if (Math.abs(scroller.scrollTop - ours) < 2) return;
    following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  });
  const follow = () => {
    if (!following || !list.lastElementChild) return;
    const end = scroller.scrollHeight - scroller.clientHeight;
    const start = list.lastElementChild.offsetTop - 48;
    scroller.scrollTop = Math.max(0, Math.min(end, start));
    ours = scroller.scrollTop;
  };
  new ResizeObserver(follow).observe(list);
  return follow;
}
