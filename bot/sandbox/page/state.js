/** What the page knows: who is looking, at which place, and the last state the server gave. */

import { getPeople, getState } from "./api.js";

const events = new EventTarget();

export const store = {
  people: [],
  person: null, // user id
  place: "home", // "home" or a conversation id
  data: null, // the last /page/state of `person`
  failure: null, // words, when the last load failed
  linked: true, // the change stream is open
};

/** Call `fn` after every change of `kind`: "place", "data" or "link". */
export const on = (kind, fn) => events.addEventListener(kind, fn);
const tell = (kind) => events.dispatchEvent(new Event(kind));

export const personOf = (id) => store.people.find((person) => person.id === id) ?? null;
export const conversationOf = (id) => store.data?.conversations.find((item) => item.id === id) ?? null;

/** The address of a place: "#U01/home". */
export const hashFor = (person, place) => `#${encodeURIComponent(person)}/${encodeURIComponent(place)}`;

/** "#U01/D1" -> {person, place}; a missing part is null. */
function readHash(hash) {
  const [person, place] = hash.replace(/^#/, "").split("/").map(decodePart);
  return { person: person || null, place: place || null };
}

function decodePart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return ""; // a mangled link opens the picker instead of breaking the page
  }
}

/** Go to a place through the address bar, so that Back works and a link opens it. */
export function go(person, place) {
  const hash = hashFor(person, place);
  if (location.hash === hash) return;
  location.hash = hash;
}

/** Take person and place from the address bar. */
export function followHash() {
  const { person, place } = readHash(location.hash);
  const known = personOf(person) ? person : null;
  const changed = known !== store.person;
  store.person = known;
  store.place = place ?? "home";
  if (changed) store.data = null;
  tell("place");
  if (known) refresh();
}

export function setLinked(linked) {
  if (store.linked === linked) return;
  store.linked = linked;
  tell("link");
}

/** Load the people; throws ServerError with words to show. */
export async function loadPeople() {
  store.people = await getPeople();
}

let running = null;
let again = false;

/** Fetch the state; calls that come while one is under way are folded into a single further fetch. */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = fetchOnce().finally(() => {
    running = null;
    if (again) {
      again = false;
      refresh();
    }
  });
  return running;
}

/** Fetch a state that is certain to be newer than this call. */
export async function refreshAfterNow() {
  if (running) await running;
  await refresh();
}

async function fetchOnce() {
  const person = store.person;
  if (!person) return;
  try {
    const data = await getState(person);
    if (store.person !== person) return;
    store.data = data;
    store.failure = null;
  } catch (error) {
    store.failure = error.message;
  }
  tell("data");
}
