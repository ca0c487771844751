import { eq } from 'drizzle-orm';
import type { Scrubbed } from '#db/database.ts';
import { type Translate, translator } from '#i18n.ts';
import { isServed } from '#jobs/presence.ts';
import { messageLink } from '#slack/threads.ts';
import { change, type Desk, SYSTEM } from '#tickets/desk.ts';
import { erasePerson, type ErasureReport } from '#tickets/erase.ts';
import { exportPerson } from '#tickets/export.ts';
import type { Output } from './output.ts';

const OK = 0;

/** Everything about a person as one JSON document. Throws Failure for an unknown address. */
export async function personExport(desk: Desk, address: string, out: Output): Promise<number> {
  const exported = await exportPerson(desk, address);
  out(JSON.stringify(exported, null, out.isJson ? 0 : 2));
  return OK;
}

/** Forgets a person and says what went, and what only people can remove. Throws Failure for an unknown address or an agent. */
export async function personErase(desk: Desk, address: string, out: Output): Promise<number> {
  if (await isScrubWanted(desk)) await scrub(desk);
  const report = await erasePerson(desk, address, SYSTEM);
  const scrubbed = await scrub(desk);
  const links = report.slackMessages.map(({ channel, ts }) => messageLink(channel, ts));
  if (out.isJson) {
    out(JSON.stringify({ ...report, slackMessages: links, ...scrubbed }));
    return OK;
  }
  const t = translator(desk.settings.language);
  const lines = [...reportLines(t, report, { address, links }), ...scrubLines(t, address, scrubbed)];
  for (const line of lines) out(line);
  return OK;
}

/** `isClean` is null where the database clears its files by itself. */
type Scrub = Omit<Scrubbed, 'isClean'> & { isClean: boolean | null };

const SCRUB_WANTED = 'privacy.scrub_wanted';
/** Beside a running server only a file that is rewritten in a moment may be: whoever writes meanwhile waits. */
const MAX_BYTES_BESIDE_SERVER = 256 * 1024 * 1024;

/** Remembers when the file could not be rewritten: the next erasure makes up for it. */
async function scrub(desk: Desk): Promise<Scrub> {
  if (!desk.db.scrub) return { isClean: null, copies: [] };
  const isBeside = await isServed(desk.db, desk.clock.now());
  const scrubbed = await desk.db.scrub(isBeside ? MAX_BYTES_BESIDE_SERVER : Infinity);
  const isWanted = await isScrubWanted(desk);
  if (scrubbed.isClean && isWanted)
    await change(desk, 'scrubbed', (tx) => tx.delete(tx.tables.settings).where(eq(tx.tables.settings.key, SCRUB_WANTED)));
  if (!scrubbed.isClean && !isWanted) {
    const updatedAt = desk.clock.now();
    await change(desk, 'scrub wanted', (tx) =>
      tx.insert(tx.tables.settings).values({ key: SCRUB_WANTED, value: true, updatedAt }).onConflictDoNothing(),
    );
  }
  return scrubbed;
}

async function isScrubWanted(desk: Desk): Promise<boolean> {
  const { settings } = desk.db.tables;
  const rows = await desk.db.select({ key: settings.key }).from(settings).where(eq(settings.key, SCRUB_WANTED)).limit(1);
  return rows.length > 0;
}

function reportLines(t: Translate, report: ErasureReport, { address, links }: { address: string; links: string[] }): string[] {
  const rows = Object.entries(report.rows).map(([table, rows]) => `${table} ${rows}`);
  const { tickets, sharedTickets, stillNamedIn } = report;
  return [
    t('privacy:erase.done', { address }),
    ...(report.personId === null ? [] : [t('privacy:erase.person_kept', { id: report.personId })]),
    ...(tickets.length > 0 ? [t('privacy:erase.tickets', { count: tickets.length, names: some(tickets) })] : []),
    ...(sharedTickets.length > 0 ? [t('privacy:erase.shared', { count: sharedTickets.length, names: some(sharedTickets) })] : []),
    ...(rows.length > 0 ? [t('privacy:erase.rows', { list: rows.join(', ') })] : []),
    ...(report.filesRemoved > 0 ? [t('privacy:erase.files', { count: report.filesRemoved })] : []),
    t('privacy:erase.slack_own'),
    ...(links.length > 0 ? [t('privacy:erase.slack_human', { count: links.length }), ...links.map((link) => `  ${link}`)] : []),
    ...(stillNamedIn.length > 0 ? [t('privacy:erase.still_named', { list: stillNamedIn.join(', ') })] : []),
  ];
}

const MAX_NAMES = 20;

function some(names: string[]): string {
  return [...names.slice(0, MAX_NAMES), ...(names.length > MAX_NAMES ? ['…'] : [])].join(', ');
}

function scrubLines(t: Translate, address: string, { isClean, copies }: Scrub): string[] {
  const state =
    isClean === null
      ? t('privacy:erase.vacuum_later')
      : isClean
        ? t('privacy:erase.scrubbed')
        : t('privacy:erase.not_scrubbed', { address });
  return [state, ...(copies.length > 0 ? [t('privacy:erase.copies', { list: copies.join(', ') })] : []), t('privacy:erase.backups')];
}
