import type { Row } from './crowd.ts';
import { addressOf } from './acts.ts';
import type { World } from './world.ts';

/** Every sentence is something that came in another order than it was written in. */
export async function disorders(world: World, rows: Row[]): Promise<string[]> {
  const { tables } = world.db;
  const mails = await world.db.select({ id: tables.mails.id, messageId: tables.mails.messageId }).from(tables.mails);
  const comments = await world.db.select({ id: tables.comments.id, sourceKey: tables.comments.sourceKey }).from(tables.comments);
  const mailIds = new Map(mails.map((mail) => [mail.messageId ?? '', mail.id]));
  const commentIds = new Map(comments.map((comment) => [comment.sourceKey ?? '', comment.id]));
  const shown = shownAt(world);
  return rows.flatMap((row) => {
    const written = row.letters.map(({ messageId }) => commentIds.get(`mail:${mailIds.get(messageId) ?? 0}`) ?? 0);
    return [
      ...ascending(written, `the mails of ${row.name} in the conversation`),
      ...ascending(
        written.map((id) => Number(shown.get(`comment:${id}`) ?? 0)),
        `the mails of ${row.name} in the thread`,
      ),
      ...ascending(
        row.replies.map(({ words }) => arrivalOf(world, row.name, words)),
        `our replies to ${row.name}`,
      ),
    ];
  });
}

function shownAt({ playground }: World): Map<string, string> {
  const messages = Object.values(playground.state.messages).flat();
  return new Map(messages.map((message) => [String(message.metadata?.event_payload['key']), message.ts]));
}

/** As which of this customer's mails it came first. */
function arrivalOf({ receiver }: World, name: string, words: string[]): number {
  const own = receiver.mails.filter(({ to }) => to.includes(addressOf(name)));
  return own.findIndex(({ mail }) => words.some((word) => `${mail.text ?? ''} ${mail.html ?? ''}`.includes(word)));
}

function ascending(places: number[], what: string): string[] {
  const isInOrder = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  return isInOrder ? [] : [`${what} came in the order ${places.join(', ')}`];
}
