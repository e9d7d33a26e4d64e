/** Numbers for charts: how they are written, and where the axis has its marks. */

const WORDS = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
const SHORT = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });

/** A figure as people read it; a missing one is a dash, never 0. */
export const figure = (value) => (value === null || value === undefined ? "–" : WORDS.format(value));

/** The same for the narrow axis. */
export const tickWords = (value) => (Math.abs(value) >= 10_000 ? SHORT.format(value) : WORDS.format(value));

/**
 * An axis that holds all of `values` and zero, with about `wanted` round marks.
 * Returns {low, high, ticks}.
 */
export function axisFor(values, wanted = 4) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const step = niceStep((high - low || 1) / wanted);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { low: first * step, high: last * step, ticks };
}

/** The next of 1, 2, 5 times a power of ten. */
function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999);
  return unit * power;
}
