import { eq } from 'drizzle-orm';
import { DAY, later } from '#clock.ts';
import type { DataConfig } from '#config.ts';
import { Failure } from '#failure.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { openDesk } from '../main/open-desk.ts';
import { type Chance, chanceOf } from './seed-chance.ts';
import { type Population, seedPeople } from './seed-people.ts';
import { type Plan, storyOf } from './seed-story.ts';
import { seedTickets } from './seed-tickets.ts';

export interface SeedOptions {
  tickets: number;
  days: number;
  /** The same number gives the same people and words. */
  seed?: number;
  /** One JSON line instead of a sentence. */
  json?: boolean;
}

/** Some thousand rows: a commit costs little then, and no other writer waits for long. */
const TICKETS_A_TRANSACTION = 500;
const MAX_TICKETS = 1_000_000;
const MAX_DAYS = 3_650;

/** Fills an empty desk with believable people and tickets, for trials and benchmarks. */
export async function seed(config: DataConfig, options: SeedOptions, write: (line: string) => void = toOutput): Promise<void> {
  if (!isAmount(options.tickets, MAX_TICKETS)) throw new Failure('seed.amount', { option: '--tickets', limit: MAX_TICKETS });
  if (!isAmount(options.days, MAX_DAYS)) throw new Failure('seed.amount', { option: '--days', limit: MAX_DAYS });
  const desk = await openDesk({ config: { ...config, LOG_LEVEL: 'error' } });
  const startedAt = performance.now();
  try {
    await refuseRealTickets(desk);
    const until = desk.clock.now();
    const plan: Plan = { tickets: options.tickets, until, since: later(until, -options.days * DAY) };
    const chance = chanceOf(options.seed ?? 1);
    const people = await seedPeople(desk, chance, plan);
    const comments = await seedStories(desk, chance, plan, people);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    write(told(options, { tickets: plan.tickets, people: people.requesters.length, agents: people.agents.length, comments, seconds }));
  } finally {
    await desk.db.close();
  }
}

function isAmount(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= limit;
}

/** Invented tickets among real ones could never be told apart again. */
async function refuseRealTickets(desk: Desk): Promise<void> {
  const [ticket] = await desk.db.select({ id: desk.db.tables.tickets.id }).from(desk.db.tables.tickets).limit(1);
  if (ticket) throw new Failure('seed.has_tickets');
}

async function seedStories(desk: Desk, chance: Chance, plan: Plan, people: Population): Promise<number> {
  const groupId = await ensureGroup(desk);
  let comments = 0;
  for (let from = 0; from < plan.tickets; from += TICKETS_A_TRANSACTION) {
    const length = Math.min(TICKETS_A_TRANSACTION, plan.tickets - from);
    const stories = Array.from({ length }, (_, offset) => storyOf(chance, plan, people, from + offset));
    comments += await seedTickets(desk, stories, { groupId, firstNumber: from + 1 });
    showProgress(from + length, plan.tickets);
  }
  return comments;
}

function ensureGroup(desk: Desk): Promise<number> {
  return change(desk, 'seed group', async (tx, desk) => {
    const { groups } = tx.tables;
    const [known] = await tx.select({ id: groups.id }).from(groups).where(eq(groups.isDefault, true)).limit(1);
    if (known) return known.id;
    const row = { name: 'Support', isDefault: true, language: desk.settings.language, createdAt: desk.clock.now() };
    const [made] = await tx.insert(groups).values(row).returning({ id: groups.id });
    if (!made) throw new Error('The default group was not written.');
    return made.id;
  });
}

function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${String(done)} of ${String(all)} tickets${done === all ? '\n' : ''}`);
}

function told(options: SeedOptions, made: { tickets: number; people: number; agents: number; comments: number; seconds: number }): string {
  if (options.json) return JSON.stringify(made);
  return `Made ${made.tickets} tickets with ${made.comments} comments by ${made.people} people in ${made.seconds} s.`;
}

function toOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
