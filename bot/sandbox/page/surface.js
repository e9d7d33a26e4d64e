/** How blocks are addressed and shown: builds the `surface` that the block renderers take. */

import { personOf, store } from "./state.js";

/** Names, zone and clock of the person who is looking. */
export function envOfPerson() {
  return {
    zone: zoneOfPerson(),
    now: new Date(store.data.clock),
    userName: (id) => (id === store.data.bot.id ? store.data.bot.name : (personOf(id)?.name ?? id)),
    groupName: (id) => store.data.usergroups.find((item) => item.id === id)?.handle ?? id,
    channelName: (id) => store.data.conversations.find((item) => item.id === id)?.name ?? id,
  };
}

export const zoneOfPerson = () => store.data?.me?.tz ?? personOf(store.person)?.tz ?? "UTC";

export const messageSurface = (channel, ts) => ({
  kind: "message",
  container: { kind: "message", channel, ts },
  env: envOfPerson(),
});

/** `typed` are values on the page that the server has not heard of yet; they win over what the view holds. */
export function viewSurface(kind, view, typed = {}) {
  const kept = view.state?.values ?? view.state ?? {};
  return {
    kind,
    container: { kind: "view", view_id: view.id },
    env: envOfPerson(),
    values: merge(kept, typed),
  };
}

function merge(kept, typed) {
  const values = { ...kept };
  for (const [block, actions] of Object.entries(typed)) values[block] = { ...values[block], ...actions };
  return values;
}
