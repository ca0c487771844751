import type { Playground } from '../../playground/workspace.ts';

/** What Tiketti wrote to somebody in person, oldest first. */
export function directTo({ state, readMessages }: Playground, name: string): string[] {
  const id = Object.values(state.people).find((person) => person.name === name)?.id ?? '';
  return Object.values(state.channels)
    .filter((channel) => channel.kind === 'im' && channel.members.includes(id))
    .flatMap((channel) => readMessages(channel.id).map((message) => message.text));
}
