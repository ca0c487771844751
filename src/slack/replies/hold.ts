import { and, eq, inArray, ne } from 'drizzle-orm';
import { later, MINUTE, SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import type { Reason, Row } from '#db/schema.ts';
import { LIVE_HOLDS } from '#db/words.ts';
import { Failure } from '#failure.ts';
import { enqueue } from '#jobs/queue.ts';
import type { Document } from '#text/document.ts';
import { reason } from './reason.ts';
import { type Actor, change, type Desk } from '#tickets/desk.ts';
import { record } from '#tickets/events.ts';

export type Hold = Row<'holds'>;

export interface HoldDraft {
  ticketId: number;
  authorId: number;
  document: Document;
  fileIds: number[];
  /** Where the words stand: `slack:team:channel:ts`, or `view:id` for those typed in a modal. */
  sourceKey: string;
  channel: string;
  threadTs: string;
  sourceTs: string | null;
  /** The edit these words are of; null for words as they were first written. */
  editedTs?: string | null;
  holdSeconds: number;
  /** Not empty: a person must decide before anything leaves. */
  reasons: Reason[];
}

/** However often its words are edited, a hold that counts ends this long after Slack took its line. */
const MAX_HOLD = 3 * MINUTE;

/** Every reply begins as a hold. Nothing counts before Slack has accepted its line. The same words twice are one hold. */
export function startHold(desk: Desk, draft: HoldDraft): Promise<Hold> {
  return change(desk, 'hold', async (tx, desk) => {
    const now = desk.clock.now();
    const rival = await liveRival(tx, draft);
    const reasons = [...draft.reasons, ...(rival ? [reason('conflict')] : [])];
    const [hold] = await tx
      .insert(tx.tables.holds)
      .values({ ...draft, reasons, state: reasons.length > 0 ? 'waiting' : 'lining', createdAt: now, updatedAt: now })
      .onConflictDoNothing({ target: tx.tables.holds.sourceKey })
      .returning();
    if (!hold) return mustFindHold(tx, draft.sourceKey);
    await changed(desk, tx, hold, { kind: 'person', id: draft.authorId });
    return hold;
  });
}

/** Slack accepted the line: from here the hold counts. When it ends; null where nothing counts now. */
export async function countDown(desk: Desk, tx: Writer, holdId: number): Promise<Date | null> {
  const hold = await holdById(tx, holdId);
  if (hold?.state !== 'lining') return null;
  const now = desk.clock.now();
  const releaseAt = endOf(hold, now);
  await mustUpdate(desk, tx, hold, { state: 'counting', linedAt: hold.linedAt ?? now, releaseAt });
  await wishRelease(desk, tx, holdId, releaseAt);
  return releaseAt;
}

/** When a hold is over whose line Slack takes at this moment. */
export function endOf(hold: Pick<Hold, 'holdSeconds' | 'linedAt'>, at: Date): Date {
  const wanted = later(at, hold.holdSeconds * SECOND);
  const latest = later(hold.linedAt ?? at, Math.max(MAX_HOLD, hold.holdSeconds * SECOND));
  return wanted > latest ? latest : wanted;
}

export async function wishRelease(desk: Desk, tx: Writer, holdId: number, runAt: Date): Promise<void> {
  await enqueue(tx, desk.clock.now(), {
    kind: 'hold.release',
    key: `release:${holdId}:${runAt.getTime()}`,
    lane: `hold:${holdId}`,
    payload: { holdId },
    runAt,
  });
  tx.afterCommit(() => desk.wake());
}

/** A person's word, or the author's own deletion. `noted` keeps the words inside. */
export function endHold(
  desk: Desk,
  holdId: number,
  state: 'cancelled' | 'noted' | 'replaced',
  by: { personId: number; reasons?: Reason[] },
): Promise<Hold> {
  return change(desk, 'end hold', async (tx, desk) => {
    const hold = await holdById(tx, holdId);
    if (!hold || !isLive(hold)) throw new Failure('hold.settled');
    const next = { state, decidedById: by.personId, releaseAt: null, reasons: by.reasons ?? [] };
    return moveHold(desk, tx, { hold, next }, { kind: 'person', id: by.personId });
  });
}

/** A customer's mail arrived, or something else came between: a person must look again. */
export async function pauseHolds(desk: Desk, tx: Writer, ticketId: number, reason: Reason): Promise<void> {
  const { holds } = tx.tables;
  const live = await tx
    .select()
    .from(holds)
    .where(and(eq(holds.ticketId, ticketId), inArray(holds.state, ['lining', 'counting'])));
  for (const hold of live) {
    const next = { state: 'paused' as const, reasons: [reason], releaseAt: null };
    // One that left in this very moment needs no pause any more.
    if (await update(desk, tx, hold, next)) await changed(desk, tx, { ...hold, ...next }, { kind: 'system' });
  }
}

/** What was refused at release stays held, with the reason where the agent sees it. */
export function holdBack(desk: Desk, holdId: number, reasons: Reason[]): Promise<void> {
  return change(desk, 'hold back', async (tx, desk) => {
    const hold = await holdById(tx, holdId);
    if (!hold || !isLive(hold)) return;
    await moveHold(desk, tx, { hold, next: { state: 'waiting', reasons, releaseAt: null } }, { kind: 'system' });
  });
}

/** One decision about a hold as it was read; whoever was faster has decided it. */
export async function moveHold(desk: Desk, tx: Writer, { hold, next }: { hold: Hold; next: Partial<Hold> }, by: Actor): Promise<Hold> {
  await mustUpdate(desk, tx, hold, next);
  await changed(desk, tx, { ...hold, ...next }, by);
  return { ...hold, ...next };
}

async function changed(desk: Desk, tx: Writer, hold: Hold, by: Actor): Promise<void> {
  const about = { hold: hold.id, ticket: hold.ticketId, state: hold.state, reasons: hold.reasons.map(({ key }) => key) };
  tx.afterCommit(() => desk.log.info(about, isLive(hold) ? 'A reply is held.' : 'A held reply is settled.'));
  await record(desk, tx, hold.ticketId, by, { type: 'hold.changed', data: { holdId: hold.id, state: hold.state, why: hold.reasons } });
}

export async function markReleased(desk: Desk, tx: Writer, hold: Hold, commentId: number, by: number | null): Promise<void> {
  await mustUpdate(desk, tx, hold, { state: 'released', commentId, decidedById: by, reasons: [] });
  await record(
    desk,
    tx,
    hold.ticketId,
    { kind: 'person', id: by ?? hold.authorId },
    { type: 'hold.changed', data: { holdId: hold.id, state: 'released' } },
  );
}

/** Only as it was read: on PostgreSQL somebody else may decide at the same moment, and one decision counts. */
async function update(desk: Desk, tx: Writer, hold: Pick<Hold, 'id' | 'state' | 'updatedAt'>, values: Partial<Hold>): Promise<boolean> {
  const { holds } = tx.tables;
  const written = await tx
    .update(holds)
    .set({ ...values, updatedAt: desk.clock.now() })
    .where(and(eq(holds.id, hold.id), eq(holds.state, hold.state), eq(holds.updatedAt, hold.updatedAt)))
    .returning({ id: holds.id });
  return written.length > 0;
}

async function mustUpdate(...decision: Parameters<typeof update>): Promise<void> {
  if (!(await update(...decision))) throw new Failure('hold.settled');
}

export function isLive(hold: Pick<Hold, 'state'>): boolean {
  return LIVE_HOLDS.includes(hold.state);
}

export async function holdById(reader: Reader, id: number): Promise<Hold | undefined> {
  const [hold] = await reader.select().from(reader.tables.holds).where(eq(reader.tables.holds.id, id)).limit(1);
  return hold;
}

export async function mustFindHold(reader: Reader, sourceKey: string): Promise<Hold> {
  const [hold] = await reader.select().from(reader.tables.holds).where(eq(reader.tables.holds.sourceKey, sourceKey)).limit(1);
  if (!hold) throw new Error(`There is no hold for ${sourceKey}.`);
  return hold;
}

/** The reply of another agent that still waits on this ticket. */
export async function liveRival(reader: Reader, of: { ticketId: number; authorId: number }): Promise<Hold | undefined> {
  const { holds } = reader.tables;
  const [rival] = await reader
    .select()
    .from(holds)
    .where(and(eq(holds.ticketId, of.ticketId), ne(holds.authorId, of.authorId), inArray(holds.state, [...LIVE_HOLDS])))
    .limit(1);
  return rival;
}
