/** One line of a chart's legend. */

import { el } from "./dom.js";

/** Colour, name, and what stands behind the name (a node or null). */
export const legendItem = (name, index, extra = null) =>
  el("li", {}, el("i", { class: `key series-${index + 1}` }), el("span", { dir: "auto" }, name), extra);
