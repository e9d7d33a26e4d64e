/** The page's four doors to the server. */

/** The server's words when it refused, or a plain sentence when it could not be reached. */
class ServerError extends Error {}

const UNREACHABLE = "The local workspace does not answer. Is it still running?";

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new ServerError(UNREACHABLE);
  }
  const body = await response.json().catch(() => null);
  if (body === null || (!response.ok && !body.error)) {
    throw new ServerError(`The local workspace answered with an error (${response.status}).`);
  }
  return body;
}

const post = (path, body) =>
  request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

/** [{id, name, title, tz, team, group}] */
export const getPeople = () => request("/page/people");

/** Everything one person sees: conversations, home, modals, commands, clock. */
export const getState = (user) => request(`/page/state?user=${encodeURIComponent(user)}`);

/** Act as a person. Resolves to {ok, errors?, error?}; never rejects, so that callers have one way to report. */
export async function act(body) {
  try {
    return await post("/page/act", body);
  } catch (error) {
    return { ok: false, error: error.message };
  }
}

/** Move the demo's clock: `to` is "next-monday-09" or "plus-hour". Resolves like act(). */
export async function moveClock(to, user) {
  try {
    return await post("/page/clock", { to, user });
  } catch (error) {
    return { ok: false, error: error.message };
  }
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;

/**
 * Follow the server's changes, for as long as the page lives.
 * onChange() at every change and after each reconnection; onLink(true|false) when the connection comes and goes.
 */
export function followChanges(onChange, onLink) {
  let wait = FIRST_WAIT;
  const open = () => {
    const source = new EventSource("/page/changes");
    source.onopen = () => {
      wait = FIRST_WAIT;
      onLink(true);
      onChange();
    };
    source.onmessage = () => onChange();
    source.onerror = () => {
      onLink(false);
      source.close(); // a browser's own retry gives up for good after an HTTP error
      setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };
  open();
}
