/** The left side: who you are, the app's Home and messages, the channels. */

import { botAvatar, personAvatar } from "./avatar.js";
import { cityOf, timeOf } from "./dates.js";
import { el, fillWith, icon, ICONS, srOnly } from "./dom.js";
import { focusWithin, restoreFocus } from "./focus.js";
import { openPicker } from "./picker.js";
import { hashFor, personOf, store } from "./state.js";
import { unreadIn } from "./unread.js";

let print = null;

/** Draw it anew when anything in it changed. */
export function updateSidebar() {
  const { data } = store;
  const unread = data?.conversations.map((item) => [item.id, item.name, unreadIn(item)]);
  const next = JSON.stringify([store.person, store.place, data?.clock, data?.bot, unread]);
  if (next === print) return;
  print = next;
  const root = document.getElementById("sidebar");
  const place = focusWithin(root);
  fillWith(root, personButton(), data && [appLinks(), channelLinks()], footnote());
  restoreFocus(root, place);
}

function personButton() {
  const me = personOf(store.person);
  const zone = me && `${cityOf(me.tz)}${store.data ? `, ${timeOf(new Date(store.data.clock), me.tz)}` : ""}`;
  return el(
    "button",
    {
      type: "button",
      class: "me",
      "aria-haspopup": "dialog",
      data: { testid: "person-picker", focusKey: "me", userId: me?.id },
      on: { click: openPicker },
    },
    el("span", { class: "me-label" }, "You are:"),
    me && personAvatar(me.id, me.name),
    el(
      "span",
      { class: "me-words" },
      el("span", { class: "me-name", dir: "auto" }, me?.name ?? "Choose a person"),
      me && el("small", { dir: "auto" }, me.title),
      me && el("small", { dir: "auto" }, me.team),
      me && el("small", {}, zone),
    ),
    icon(ICONS.chevron),
  );
}

function appLinks() {
  const direct = store.data.conversations.filter(({ kind }) => kind === "im");
  return group("App", [
    link("home", `${store.data.bot.name} Home`, icon(ICONS.home), 0),
    ...direct.map((item) =>
      link(
        item.id,
        item.name,
        item.name === store.data.bot.name ? botAvatar() : icon(ICONS.chat),
        unreadIn(item),
        "Direct message",
      ),
    ),
  ]);
}

function channelLinks() {
  const channels = store.data.conversations.filter(({ kind }) => kind === "channel");
  return (
    channels.length > 0 &&
    group(
      "Channels",
      channels.map((item) => link(item.id, item.name, icon(ICONS.hash), unreadIn(item))),
    )
  );
}

const group = (title, links) =>
  el(
    "div",
    { class: "nav-group" },
    el("h2", {}, title),
    el(
      "ul",
      {},
      links.map((item) => el("li", {}, item)),
    ),
  );

function link(id, name, sign, unread, note = null) {
  return el(
    "a",
    {
      href: hashFor(store.person, id),
      class: unread ? "nav-link unread" : "nav-link",
      "aria-current": store.place === id ? "page" : null,
      data: { testid: "conversation", conversationId: id, focusKey: `nav-${id}` },
    },
    sign,
    el("span", { class: "nav-name", dir: "auto" }, name, note && el("small", {}, note)),
    unread > 0 && el("span", { class: "count" }, String(unread), srOnly(" new")),
  );
}

const footnote = () =>
  el(
    "p",
    { class: "footnote" },
    "A local workspace for trying the app. It is not Slack and runs on this computer only.",
  );
