/** The table and data_table blocks. */

import { el, fillWith, uid } from "./dom.js";
import { richText } from "./richtext.js";

/** A cell: raw_text, raw_number or rich_text. */
function cellContent(cell, env) {
  if (cell.type === "rich_text") return richText(cell, env);
  return cell.text ?? String(cell.value ?? "");
}

const isNumber = (cell) => cell?.type === "raw_number";
const words = (cell) => cell.text ?? JSON.stringify(cell.elements ?? "");
const sortKey = (cell) => (isNumber(cell) ? cell.value : words(cell));

function compare(a, b) {
  const [x, y] = [sortKey(a), sortKey(b)];
  if (typeof x === "number" && typeof y === "number") return x - y;
  return String(x).localeCompare(String(y), undefined, { numeric: true });
}

function cellNode(tag, cell, env, { align = null, scope = null, wrapped = true } = {}) {
  const side = align ?? (isNumber(cell) ? "right" : null);
  const className = [side && `align-${side}`, isNumber(cell) && "number", !wrapped && "one-line"]
    .filter(Boolean)
    .join(" ");
  return el(tag, { dir: "auto", scope, class: className || null }, cellContent(cell, env));
}

/** The first row is the heading. Wide tables scroll on their own. */
export function table(block, surface) {
  const settings = (column) => {
    const setting = block.column_settings?.[column] ?? {};
    return { align: setting.align, wrapped: setting.is_wrapped ?? false };
  };
  const row = (cells, tag, scope) =>
    el(
      "tr",
      {},
      cells.map((cell, column) => cellNode(tag, cell, surface.env, { ...settings(column), scope })),
    );
  const [head, ...body] = block.rows;
  const node = el(
    "table",
    {},
    el("thead", {}, row(head, "th", "col")),
    el(
      "tbody",
      {},
      body.map((cells) => row(cells, "td", null)),
    ),
  );
  return scroller(node, "Table");
}

const scroller = (node, label) =>
  el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": label }, node);

/** A table with caption, sorting by its headings, a filter and pages. */
export function dataTable(block, surface) {
  const [head, ...rows] = block.rows;
  const size = block.page_size ?? 5;
  const view = { sort: null, down: false, filter: "", page: 0 };
  const tbody = el("tbody");
  const heads = head.map((cell, column) => sortHead(cell, column, rows, surface, (at) => sortBy(at)));
  const pager = pagerNode((step) => draw((view.page += step)));
  const rowHead = block.row_header_column_index ?? 0;

  function visible() {
    const wanted = view.filter.toLocaleLowerCase();
    const kept = rows.filter((cells) =>
      cells.some((cell) => words(cell).toLocaleLowerCase().includes(wanted)),
    );
    if (view.sort === null) return kept;
    return kept.toSorted((a, b) => compare(a[view.sort], b[view.sort]) * (view.down ? -1 : 1));
  }
  function sortBy(column) {
    view.down = view.sort === column && !view.down;
    view.sort = column;
    draw((view.page = 0));
  }
  function draw() {
    const kept = visible();
    const pages = Math.max(1, Math.ceil(kept.length / size));
    view.page = Math.min(Math.max(0, view.page), pages - 1);
    const shown = kept.slice(view.page * size, (view.page + 1) * size);
    fillWith(
      tbody,
      shown.map((cells) => dataRow(cells, rowHead, surface)),
    );
    heads.forEach((node, column) => node.setAttribute("aria-sort", sortWord(view, column)));
    pager.show(view.page, pages, kept.length);
  }

  const captionId = uid("caption");
  const node = el("table", { "aria-labelledby": captionId }, el("thead", {}, el("tr", {}, heads)), tbody);
  const filter =
    rows.length > size && filterBox((text) => draw(Object.assign(view, { filter: text, page: 0 })));
  draw();
  return el(
    "div",
    { class: "data-table" },
    el(
      "div",
      { class: "data-table-head" },
      el("p", { id: captionId, class: "caption", dir: "auto" }, block.caption),
      filter,
    ),
    scroller(node, block.caption),
    pager,
  );
}

const sortWord = (view, column) => (view.sort !== column ? "none" : view.down ? "descending" : "ascending");

function sortHead(cell, column, rows, surface, sort) {
  const numeric = rows.every((cells) => isNumber(cells[column]));
  const button = el(
    "button",
    { type: "button", class: "sort", on: { click: () => sort(column) } },
    cellContent(cell, surface.env),
  );
  return el("th", { scope: "col", class: numeric ? "align-right" : null }, button);
}

function dataRow(cells, rowHead, surface) {
  return el(
    "tr",
    {},
    cells.map((cell, column) =>
      column === rowHead
        ? cellNode("th", cell, surface.env, { scope: "row" })
        : cellNode("td", cell, surface.env),
    ),
  );
}

function filterBox(onText) {
  const box = el("input", {
    type: "search",
    class: "control",
    placeholder: "Filter rows",
    "aria-label": "Filter rows",
  });
  box.addEventListener("input", () => onText(box.value));
  return box;
}

function pagerNode(onStep) {
  const button = (label, step) =>
    el("button", { type: "button", class: "button small", on: { click: () => onStep(step) } }, label);
  const [before, after] = [button("Previous", -1), button("Next", 1)];
  const status = el("span", { role: "status" });
  const node = el("div", { class: "pager" }, before, status, after);
  node.show = (page, pages, count) => {
    node.hidden = pages === 1 && count > 0;
    status.textContent = count === 0 ? "No row matches" : `Page ${page + 1} of ${pages}`;
    before.disabled = page === 0;
    after.disabled = page >= pages - 1;
  };
  return node;
}
