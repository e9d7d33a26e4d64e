/** Pie charts as SVG rings, with a legend that carries the figures. */

import { legendItem } from "./chartlegend.js";
import { figure } from "./chartscale.js";
import { el, svg } from "./dom.js";

const SIZE = 176;
const OUTER = 84;
const INNER = 50;

/** Ring and legend. Screen readers get the table instead. */
export function pie(block) {
  const { segments } = block.chart;
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  let from = 0;
  const slices = segments.map((segment, index) => {
    const to = from + (total ? segment.value / total : 0);
    const node = slice(from, to, index, `${segment.label}: ${figure(segment.value)}`);
    from = to;
    return node;
  });
  const ring = svg(
    "svg",
    {
      class: "ring",
      viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}`,
      width: SIZE,
      height: SIZE,
      role: "presentation",
      "aria-hidden": "true",
    },
    total ? slices : svg("circle", { class: "grid", r: (OUTER + INNER) / 2, fill: "none" }),
  );
  const keys = segments.map((segment, index) =>
    legendItem(segment.label, index, share(segment.value, total)),
  );
  return el(
    "div",
    { class: "pie" },
    ring,
    el("ul", { class: "legend legend-tall", "aria-hidden": "true" }, keys),
  );
}

const share = (value, total) =>
  el(
    "span",
    { class: "number" },
    figure(value),
    el("small", {}, total ? ` ${Math.round((100 * value) / total)} %` : ""),
  );

function slice(from, to, index, words) {
  // a full circle has no start and end that differ, so it stops a hair short
  const end = Math.min(to, from + 0.9999);
  const at = (part, radius) => {
    const angle = part * 2 * Math.PI - Math.PI / 2;
    return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  };
  const large = end - from > 0.5 ? 1 : 0;
  const d = [
    `M${at(from, OUTER)}A${OUTER} ${OUTER} 0 ${large} 1 ${at(end, OUTER)}`,
    `L${at(end, INNER)}A${INNER} ${INNER} 0 ${large} 0 ${at(from, INNER)}Z`,
  ].join("");
  return svg("path", { class: `slice series-${index + 1}`, d }, svg("title", {}, words));
}
