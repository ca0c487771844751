import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#clock.ts';
import type { Database } from '#db/database.ts';
import { openFolder } from '#files/folder.ts';
import { applyTriggers } from '#rules/apply.ts';
import { shipRules } from '#rules/defaults.ts';
import type { Desk } from '#tickets/desk.ts';
import { plainDocument } from '#text/document.ts';
import { openTicket } from '#tickets/open.ts';
import { ensurePerson, type Person } from '#tickets/people.ts';
import { setUp } from '#tickets/set-up.ts';
import { createSeal } from '#seal.ts';
import { createTokens } from '#tokens.ts';
import { eq } from 'drizzle-orm';
import { recordLog } from './databases.ts';

export interface SettableClock extends Clock {
  set(at: Date): void;
  advance(milliseconds: number): void;
}

export function settableClock(start = '2026-11-23T12:00:00.000Z'): SettableClock {
  let at = new Date(start);
  return {
    now: () => new Date(at),
    set: (next) => {
      at = next;
    },
    advance: (milliseconds) => {
      at = new Date(at.getTime() + milliseconds);
    },
  };
}

export interface TestDesk extends Desk {
  clock: SettableClock;
  log: ReturnType<typeof recordLog>;
}

/** A desk with its defaults and rules, and nobody to tell: what the domain does by itself. */
export async function testDesk(db: Database): Promise<TestDesk> {
  const clock = settableClock();
  const desk: TestDesk = {
    db,
    clock,
    log: recordLog(),
    files: openFolder(await mkdtemp(join(tmpdir(), 'tiketti-files-')), clock),
    seal: createSeal(['s'.repeat(64)]),
    tokens: createTokens(['s'.repeat(64)], 'pohjola.test'),
    settings: {
      prefixes: ['TK', 'OLD'],
      brand: { name: 'Pohjola', colour: '#2f5d8c', logoUrl: null },
      language: 'en',
      timeZone: 'Europe/Helsinki',
      holdSeconds: 15,
      closeAfterDays: 4,
      country: 'FI',
    },
    reactions: [applyTriggers],
    wake: () => {},
    failPoint: () => {},
  };
  await setUp(desk, { from: { name: 'Pohjola', address: 'support@pohjola.test' }, language: 'en' });
  await shipRules(desk);
  return desk;
}

export function person(desk: Desk, address: string, name = address.split('@')[0] ?? ''): Promise<Person> {
  return desk.db.transaction('test person', (tx, carried) =>
    ensurePerson({ ...desk, db: carried }, tx, { kind: 'email', value: address, name }),
  );
}

export async function agent(desk: Desk, address: string, name?: string, role: 'agent' | 'admin' | 'light' = 'agent'): Promise<Person> {
  const made = await person(desk, address, name);
  await desk.db.transaction('test role', (tx) => tx.update(tx.tables.people).set({ role }).where(eq(tx.tables.people.id, made.id)));
  return { ...made, role };
}

/** A ticket as Liisa's mail would have opened it. */
export async function mailedTicket(desk: Desk, requester: Person, subject = 'Printer', isAnswerable = true) {
  return openTicket(desk, {
    subject,
    channel: 'email',
    requesterId: requester.id,
    by: { kind: 'person', id: requester.id },
    body: { authorId: requester.id, direction: 'in', visibility: 'public', via: 'email', body: plainDocument('It is on fire') },
    language: { code: 'en', source: 'system' },
    isAnswerable,
  });
}
