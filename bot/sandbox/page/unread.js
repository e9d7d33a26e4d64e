/** Which messages the person has not seen yet, and telling screen readers about new ones. */

import { store } from "./state.js";
import { announce } from "./toast.js";
import { mrkdwn } from "./mrkdwn.js";
import { envOfPerson } from "./surface.js";

const seen = new Map(); // "person/conversation" -> ts of the newest message seen
const known = new Map(); // person -> every ts the page has had, "channel ts"

const newest = ({ messages }) => messages.at(-1)?.ts ?? "0";
const key = (id) => `${store.person}/${id}`;

/** Take in a new state: what is on screen counts as seen, what is new is announced. */
export function noteState() {
  const first = !known.has(store.person);
  const before = known.get(store.person) ?? new Set();
  const now = new Set();
  for (const conversation of store.data.conversations) {
    for (const message of conversation.messages) now.add(`${conversation.id} ${message.ts}`);
    if (first || conversation.id === store.place) seen.set(key(conversation.id), newest(conversation));
  }
  known.set(store.person, now);
  if (!first) announceNew(before);
}

function announceNew(before) {
  const fresh = store.data.conversations.flatMap((conversation) =>
    conversation.messages
      .filter((message) => message.user !== store.person && !before.has(`${conversation.id} ${message.ts}`))
      .map((message) => ({ conversation, message })),
  );
  if (fresh.length > 3) return announce(`${fresh.length} new messages`);
  if (fresh.length) announce(fresh.map(wordsFor).join(" "));
}

function wordsFor({ conversation, message }) {
  const where = conversation.kind === "im" ? "" : ` in ${conversation.name}`;
  return `New message from ${message.user_name}${where}: ${mrkdwn(message.text ?? "", envOfPerson()).textContent}`;
}

/** How many messages of a conversation the person has not seen. */
export function unreadIn(conversation) {
  const since = Number(seen.get(key(conversation.id)) ?? 0);
  return conversation.messages.filter(({ ts, user }) => Number(ts) > since && user !== store.person).length;
}
