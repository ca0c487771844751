import { goTo, openThread } from './places.js';
import { channel, channelName, me, nameOf, person, state } from './state.js';

/** Who reads, for everything that is shown in a person's own language, zone and names. */
export function reader() {
  const { locale, tz } = me();
  return {
    me: state.me,
    locale,
    tz,
    emoji: state.workspace.emoji,
    person: (id) => (person(id) ? nameOf(person(id)) : undefined),
    handle: (id) => person(id)?.name,
    channel: (id) => (channel(id) ? channelName(channel(id)) : undefined),
    group: (id) => state.workspace.userGroups.find((group) => group.id === id)?.handle,
    follow(place, ts) {
      const id = place.slice(1);
      if (ts) openThread({ channel: id, ts });
      else goTo({ kind: 'channel', id });
    },
  };
}
