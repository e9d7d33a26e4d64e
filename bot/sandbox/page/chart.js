/** The data_visualization block: heading, legend, a drawing that follows the width, and the same figures as a table. */

import { legendItem } from "./chartlegend.js";
import { pie } from "./chartpie.js";
import { plot } from "./chartplot.js";
import { figure } from "./chartscale.js";
import { el, fillWith, uid } from "./dom.js";

const NARROWEST = 240;
const WIDEST = 680;

/** Series colours come from the style sheet (.series-1 … .series-6); the shapes of the marks differ as well. */
export function chart(block) {
  const { chart: data } = block;
  const titleId = uid("chart");
  const tableId = uid("chart");
  const canvas = el("div", { class: "chart-canvas" });
  const table = figures(block, tableId);
  const draw = (width) => fillWith(canvas, data.type === "pie" ? pie(block, width) : plot(block, width));
  followWidth(canvas, draw);
  return el(
    "figure",
    {
      class: `chart chart-${data.type}`,
      "aria-labelledby": titleId,
      data: { testid: "chart", blockId: block.block_id },
    },
    el("figcaption", { id: titleId, dir: "auto" }, block.title),
    data.type === "pie" ? null : legend(data.series),
    canvas,
    toggle(table, tableId),
    table,
  );
}

function followWidth(canvas, draw) {
  let drawn = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, entry.contentRect.width)));
    if (width !== drawn) draw((drawn = width));
  });
  observer.observe(canvas);
}

function legend(series) {
  if (series.length < 2) return null;
  return el(
    "ul",
    { class: "legend", "aria-hidden": "true" },
    series.map((item, index) => legendItem(item.name, index)),
  );
}

/** Sighted people who work better with figures can show the table that screen readers always have. */
function toggle(table, tableId) {
  const button = el(
    "button",
    { type: "button", class: "link-button", "aria-controls": tableId, "aria-expanded": "false" },
    "Show the figures",
  );
  button.addEventListener("click", () => {
    const shown = table.classList.toggle("hidden-visually") === false;
    button.setAttribute("aria-expanded", String(shown));
    button.textContent = shown ? "Hide the figures" : "Show the figures";
  });
  return button;
}

function figures(block, id) {
  const { chart: data } = block;
  const [head, rows] = data.type === "pie" ? pieRows(data) : plotRows(data);
  const row = ([first, ...rest]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", dir: "auto" }, first),
      rest.map((cell) => el("td", { class: "number" }, cell)),
    );
  return el(
    "div",
    { class: "chart-figures hidden-visually", id, data: { testid: "chart-table" } },
    el(
      "table",
      {},
      el("caption", {}, caption(block)),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          head.map((cell) => el("th", { scope: "col", dir: "auto" }, cell)),
        ),
      ),
      el("tbody", {}, rows.map(row)),
    ),
  );
}

const caption = ({ title, chart: { axis_config: axis } }) =>
  axis?.y_label ? `${title} (${axis.y_label})` : title;

const pieRows = ({ segments }) => [
  ["Part", "Value"],
  segments.map(({ label, value }) => [label, figure(value)]),
];

function plotRows({ series, axis_config: axis }) {
  const rows = axis.categories.map((category, at) => [
    category,
    ...series.map(({ data }) => figure(data[at]?.value)),
  ]);
  return [[axis.x_label ?? "", ...series.map(({ name }) => name)], rows];
}
