/** The top bar: what this is, the demo's clock, and the connection. */

import { whileBusy } from "./actions.js";
import { moveClock } from "./api.js";
import { clockDay, cityOf, timeOf } from "./dates.js";
import { el, icon, ICONS, srOnly } from "./dom.js";
import { refreshAfterNow, store } from "./state.js";
import { zoneOfPerson } from "./surface.js";
import { announce, toast } from "./toast.js";

const day = el("span", { class: "clock-day" });
const time = el("span", { class: "clock-time" });
const zone = el("span", { class: "clock-zone" });
const clock = el(
  "div",
  { class: "clock", data: { testid: "clock" } },
  icon(ICONS.clock),
  srOnly("Demo clock: "),
  el("time", {}, day, " ", time),
  zone,
);
const link = el("span", { class: "connection", role: "status", data: { testid: "connection" } });
const controls = el(
  "div",
  { class: "clock-controls", role: "group", "aria-label": "Move the demo's clock" },
  mover("Next Monday 09:00", "next-monday-09", "clock-next-monday"),
  mover("+1 hour", "plus-hour", "clock-plus-hour"),
);

/** `onMenu` opens and closes the side bar on narrow screens. Returns the menu button. */
export function mountTopbar(onMenu) {
  const menu = el(
    "button",
    {
      type: "button",
      class: "icon-button menu-button",
      "aria-controls": "sidebar",
      "aria-expanded": "false",
      "aria-label": "Person and conversations",
      data: { testid: "menu" },
      on: { click: onMenu },
    },
    icon(ICONS.menu),
  );
  document.getElementById("topbar").append(menu, brand(), link, clock, controls);
  return menu;
}

const brand = () =>
  el(
    "div",
    { class: "brand" },
    el("span", { class: "brand-name" }, "Local workspace"),
    el("span", { class: "brand-badge" }, "not Slack"),
  );

function mover(words, to, testid) {
  const press = (event) => {
    const node = event.currentTarget;
    if (node.getAttribute("aria-busy") !== "true") whileBusy(node, () => move(to));
  };
  return el(
    "button",
    { type: "button", class: "button small", data: { testid }, on: { click: press } },
    words,
  );
}

async function move(to) {
  const answer = await moveClock(to, store.person);
  await refreshAfterNow();
  if (!answer.ok) return toast(answer.error ?? "The clock did not move.");
  announce(`The clock now says ${clock.querySelector("time").textContent}`);
}

export function updateTopbar() {
  const { data } = store;
  link.textContent = store.linked ? "" : "Reconnecting…";
  clock.hidden = !data;
  controls.hidden = !data?.clock_is_movable;
  if (!data) return;
  const now = new Date(data.clock);
  const here = zoneOfPerson();
  day.textContent = clockDay(now, here);
  time.textContent = timeOf(now, here);
  zone.textContent = `${cityOf(here)} · ${timeOf(now, "UTC")} UTC`;
  clock.querySelector("time").dateTime = data.clock;
}
