/** The app's Home tab. */

import { perform } from "./actions.js";
import { botAvatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { el, fillWith } from "./dom.js";
import { focusWithin, restoreFocus } from "./focus.js";
import { store } from "./state.js";
import { viewSurface } from "./surface.js";

/** Returns {node, update()}. Opening it tells the app, which may then publish. */
export function homeView() {
  const title = el("h1", { dir: "auto" });
  const body = el("div", {
    class: "column home",
    tabindex: "-1",
    "aria-busy": "true",
    data: { testid: "home", surface: "home" },
  });
  const scroller = el(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": "Home" },
    body,
  );
  const node = el(
    "section",
    { class: "place" },
    el("header", { class: "place-head" }, botAvatar(), title, el("span", { class: "place-note" }, "Home")),
    scroller,
  );
  const opened = perform({ type: "open_home" });
  let asked = false;
  let print = null;
  opened.then(() => {
    asked = true;
    if (node.isConnected) update();
    body.removeAttribute("aria-busy");
  });

  function update() {
    const { home, bot } = store.data ?? {};
    if (!bot) return;
    title.textContent = bot.name;
    const next = JSON.stringify([home?.blocks ?? asked, home?.id]);
    if (next === print) return;
    print = next;
    const place = focusWithin(body);
    fillWith(body, home ? renderBlocks(home.blocks, viewSurface("home", home)) : waiting(asked, bot.name));
    if (home) body.dataset.viewId = home.id;
    restoreFocus(body, place);
  }
  return { node, update };
}

const waiting = (asked, name) =>
  el(
    "p",
    { class: "empty" },
    asked ? `${name} has not published a Home tab for this person.` : "Opening Home…",
  );
