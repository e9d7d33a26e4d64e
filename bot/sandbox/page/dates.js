/** Dates and times, always in a named zone: the person's, or UTC. */

const LOCALE = "en-GB";
const cache = new Map();

function format(zone, options, date) {
  const key = zone + JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, formatter(zone, options));
  return cache.get(key).format(date);
}

function formatter(zone, options) {
  try {
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone || "UTC" });
  } catch {
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: "UTC" }); // a zone this browser does not know
  }
}

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY_KEY = { year: "numeric", month: "2-digit", day: "2-digit" };
const NUMERIC = { year: "numeric", month: "2-digit", day: "2-digit" };
const SHORT = { day: "numeric", month: "short", year: "numeric" };
const MEDIUM = { day: "numeric", month: "long", year: "numeric" };
const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };

export const timeOf = (date, zone) => format(zone, TIME, date);
export const longDay = (date, zone) => format(zone, LONG, date);
export const clockDay = (date, zone) =>
  format(zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" }, date);
export const sameDay = (a, b, zone) => format(zone, DAY_KEY, a) === format(zone, DAY_KEY, b);

/** How far a zone is from UTC at that moment: "UTC+5:30". */
export const offsetOf = (zone, date) =>
  format(zone, { timeZoneName: "shortOffset", hour: "2-digit" }, date).replace(/^.*?(?:GMT|UTC)/, "UTC");

/** "Europe/Madrid" -> "Madrid"; "UTC" stays. */
export const cityOf = (zone) => (zone ?? "UTC").split("/").pop().replaceAll("_", " ");

/** When a message was written: its `at`, else its ts (seconds since 1970 as text). */
export const writtenAt = (message) => new Date(message.at ?? Number(message.ts) * 1000);

/** Heading between two days: "Today", "Yesterday" or the full day, seen from `now`. */
export function dayHeading(date, now, zone) {
  return relativeDay(date, now, zone) ?? longDay(date, zone);
}

const DAY_MS = 86_400_000;

function relativeDay(date, now, zone) {
  if (sameDay(date, now, zone)) return "Today";
  if (sameDay(date, new Date(now.getTime() - DAY_MS), zone)) return "Yesterday";
  if (sameDay(date, new Date(now.getTime() + DAY_MS), zone)) return "Tomorrow";
  return null;
}

/** "3 hours ago", "in 2 days". */
function ago(date, now) {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const units = [
    ["year", 31_536_000],
    ["month", 2_592_000],
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ];
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const pretty = (options) => (date, zone, now) =>
  relativeDay(date, now, zone)?.toLowerCase() ?? format(zone, options, date);

const TOKENS = {
  date_num: (date, zone) => format(zone, NUMERIC, date).split("/").reverse().join("-"),
  date_slash: (date, zone) => format(zone, NUMERIC, date),
  date: (date, zone) => format(zone, MEDIUM, date),
  date_short: (date, zone) => format(zone, SHORT, date),
  date_long: (date, zone) => format(zone, LONG, date),
  date_long_full: (date, zone) => format(zone, LONG, date),
  date_pretty: pretty(MEDIUM),
  date_short_pretty: pretty(SHORT),
  date_long_pretty: pretty(LONG),
  day_divider_pretty: (date, zone, now) => dayHeading(date, now, zone),
  time: (date, zone) => timeOf(date, zone),
  time_secs: (date, zone) => format(zone, { ...TIME, second: "2-digit" }, date),
  ago: (date, zone, now) => ago(date, now),
};

/** Fill the {tokens} of a `<!date^…>` pattern. */
export function fillDate(pattern, date, zone, now) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(date, zone, now) ?? whole);
}
