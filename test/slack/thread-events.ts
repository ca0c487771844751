import { eventually } from '../support/eventually.ts';
import type { Story } from './story.ts';

/** What was done to a message has reached the desk and is worked through. */
export async function taken(story: Story, what: 'message' | 'edit' | 'delete', ts: string): Promise<void> {
  const { db } = story.desk;
  await eventually(async () => {
    const rows = await db.select().from(db.tables.inbox);
    return rows.some((row) => row.key.startsWith(`${what}:`) && row.key.includes(`:${ts}`) && row.doneAt !== null);
  });
  await story.quiet();
}

/** Writes in the ticket's thread, and waits until the desk has taken it. */
export async function said(story: Story, as: string, text: string): Promise<{ ts: string }> {
  const message = await story.say(as, text);
  await taken(story, 'message', message.ts);
  return message;
}

export async function edited(story: Story, as: string, ts: string, text: string): Promise<void> {
  const { db } = story.desk;
  const before = (await db.select().from(db.tables.inbox)).length;
  story.playground.edit({ as, channel: 'support', ts, text });
  await eventually(async () => {
    const rows = await db.select().from(db.tables.inbox);
    return rows.length > before && rows.every((row) => row.doneAt !== null);
  });
  await story.quiet();
}

export async function deleted(story: Story, as: string, ts: string): Promise<void> {
  story.playground.deleteMessage({ as, channel: 'support', ts });
  await taken(story, 'delete', ts);
}

/** Every hold of the story as a person would tell it. */
export async function holds(story: Story) {
  const rows = await story.desk.db.select().from(story.desk.db.tables.holds);
  return rows.map((hold) => ({ state: hold.state, reasons: hold.reasons.map((reason) => reason.key) }));
}
