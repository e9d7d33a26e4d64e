/** Bar, line and area charts as SVG. */

import { axisFor, figure, tickWords } from "./chartscale.js";
import { svg } from "./dom.js";

const HEIGHT = 216;
const TOP = 26;
const BOTTOM = 26;
const CHAR = 6.4; // width of one character of an axis label, in pixels
const MARKS = ["circle", "square", "diamond", "triangle", "circle", "square"];

/** The drawing for `width` pixels. Screen readers get the table instead. */
export function plot(block, width) {
  const { series, axis_config: axis, type } = block.chart;
  const values = series
    .flatMap(({ data }) => data.map(({ value }) => value))
    .filter((value) => typeof value === "number");
  const scale = axisFor(values);
  const space = layout(scale, axis, width);
  const shapes = { bar: bars, line: lines, area: areas }[type](series, space);
  return svg(
    "svg",
    {
      class: "plot",
      viewBox: `0 0 ${width} ${space.height}`,
      width,
      height: space.height,
      role: "presentation",
      "aria-hidden": "true",
    },
    grid(scale, space),
    names(axis, space),
    shapes,
    hovers(series, axis, space),
  );
}

/** Where things are: x(category index) is the middle of its column, y(value) its height. */
function layout(scale, axis, width) {
  const left = Math.max(...scale.ticks.map((tick) => tickWords(tick).length)) * CHAR + 14;
  const bottom = BOTTOM + (axis.x_label ? 18 : 0);
  const height = HEIGHT + bottom - BOTTOM;
  const column = (width - left - 8) / axis.categories.length;
  const span = height - TOP - bottom;
  return {
    width,
    height,
    left,
    column,
    floor: height - bottom,
    x: (index) => left + column * (index + 0.5),
    y: (value) => TOP + span * (1 - (value - scale.low) / (scale.high - scale.low)),
  };
}

function grid({ ticks }, { left, width, y }) {
  return ticks.map((tick) => [
    svg("line", { class: tick === 0 ? "axis" : "grid", x1: left, x2: width - 8, y1: y(tick), y2: y(tick) }),
    svg("text", { class: "tick", x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, tickWords(tick)),
  ]);
}

/** Category names; when they do not fit, every second (third…) one, always with the last. */
function names(axis, { column, floor, height, left, width, x }) {
  const longest = Math.max(...axis.categories.map((name) => name.length)) * CHAR + 8;
  const every = Math.ceil(longest / column);
  const last = axis.categories.length - 1;
  const shown = axis.categories.map((name, index) =>
    (last - index) % every === 0
      ? svg("text", { class: "tick", x: x(index), y: floor + 18, "text-anchor": "middle" }, name)
      : null,
  );
  const xLabel =
    axis.x_label &&
    svg(
      "text",
      { class: "axis-label", x: (left + width - 8) / 2, y: height - 4, "text-anchor": "middle" },
      axis.x_label,
    );
  const yLabel = axis.y_label && svg("text", { class: "axis-label", x: 0, y: 12 }, axis.y_label);
  return [...shown, xLabel, yLabel];
}

const has = (point) => typeof point?.value === "number";

function bars(series, space) {
  const group = Math.min(space.column * 0.72, 64 * series.length);
  const thick = group / series.length;
  const labelled = series.length === 1 && space.column > 34;
  return series.map(({ data }, index) =>
    data.map((point, at) => {
      if (!has(point)) return null;
      const x = space.x(at) - group / 2 + thick * index;
      return [
        bar(x, thick, point.value, index, space),
        labelled && barLabel(space.x(at), point.value, space),
      ];
    }),
  );
}

function bar(x, thick, value, index, { y }) {
  const [top, base] = [y(Math.max(0, value)), y(Math.min(0, value))];
  const gap = thick > 6 ? 1 : 0.25;
  return svg("rect", {
    class: `fill series-${index + 1}`,
    x: x + gap,
    y: top,
    width: thick - 2 * gap,
    height: Math.max(1, base - top),
    rx: Math.min(3, thick / 4),
  });
}

const barLabel = (x, value, { y }) =>
  svg("text", { class: "value", x, y: y(Math.max(0, value)) - 5, "text-anchor": "middle" }, tickWords(value));

/** Runs of neighbouring points that have a value: a missing one breaks the line. */
function runs(data) {
  const found = [[]];
  data.forEach((point, at) => (has(point) ? found.at(-1).push([at, point.value]) : found.push([])));
  return found.filter((run) => run.length > 0);
}

const path = (run, { x, y }) =>
  run.map(([at, value], index) => `${index ? "L" : "M"}${x(at)} ${y(value)}`).join("");

function lines(series, space) {
  return series.map(({ data }, index) => [
    runs(data).map((run) => svg("path", { class: `line series-${index + 1}`, d: path(run, space) })),
    data.map((point, at) => has(point) && mark(MARKS[index], space.x(at), space.y(point.value), index)),
  ]);
}

function areas(series, space) {
  const under = series.map(({ data }, index) =>
    runs(data).map((run) => {
      const base = space.y(0);
      const d = `${path(run, space)}L${space.x(run.at(-1)[0])} ${base}L${space.x(run[0][0])} ${base}Z`;
      return svg("path", { class: `area series-${index + 1}`, d });
    }),
  );
  return [under, lines(series, space)];
}

function mark(shape, x, y, index) {
  const className = `mark series-${index + 1}`;
  if (shape === "circle") return svg("circle", { class: className, cx: x, cy: y, r: 3.6 });
  const corners = {
    square: "-3.2 -3.2h6.4v6.4h-6.4Z",
    diamond: "0 -4.6l4.6 4.6l-4.6 4.6l-4.6 -4.6Z",
    triangle: "0 -4.4l4.4 7.6h-8.8Z",
  }[shape];
  const [dx, dy] = corners
    .match(/^(-?[\d.]+) (-?[\d.]+)/)
    .slice(1)
    .map(Number);
  return svg("path", {
    class: className,
    d: `M${x + dx} ${y + dy}${corners.replace(/^-?[\d.]+ -?[\d.]+/, "")}`,
  });
}

/** One column per category that shows its figures under the pointer. */
function hovers(series, axis, space) {
  return axis.categories.map((name, at) => {
    const words = series.map(({ name: label, data }) => `${label}: ${figure(data[at]?.value)}`);
    return svg(
      "rect",
      {
        class: "hover",
        x: space.x(at) - space.column / 2,
        y: TOP - 8,
        width: space.column,
        height: space.floor - TOP + 8,
      },
      svg("title", {}, [name, ...words].join("\n")),
    );
  });
}
