import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendMail } from '../support/letters.ts';
import { prepareServer, type Server } from './server.ts';

vi.setConfig({ testTimeout: 90_000 });

/** The database as it is made, and a little more. */
const ROOM_KILOBYTES = 2_000;
const MAX_MAILS = 120;

let server: Server;
beforeAll(async () => {
  server = await prepareServer();
});
afterAll(async () => {
  await server.close();
});

/** Zero when the mail was taken, else the code it was refused with. */
async function offer(number: number, kilobytes: number): Promise<number> {
  try {
    await sendMail(server.mailPort(), {
      from: `customer${number}@asiakas.test`,
      to: 'support@pohjola.test',
      subject: `Matter ${number}`,
      text: `Hello, this is matter ${number}.\n${randomBytes((kilobytes * 1024 * 3) / 4).toString('base64')}`,
    });
    return 0;
  } catch (error) {
    return (error as { responseCode?: number }).responseCode ?? -1;
  }
}

async function subjects(): Promise<string[]> {
  const rows = await server.db.select({ subject: server.db.tables.tickets.subject }).from(server.db.tables.tickets);
  return rows.map((row) => row.subject);
}

test('on a full disk mail is refused for now, what was taken is kept, and with room again all of it is there once', async () => {
  await server.start({ maxFileKilobytes: ROOM_KILOBYTES });
  const taken: number[] = [];
  let refused: number | null = null;
  let code = 0;
  for (let number = 1; number <= MAX_MAILS && refused === null; number += 1) {
    code = await offer(number, 60);
    if (code === 0) taken.push(number);
    else refused = number;
  }
  expect(code).toBe(451);
  expect(taken.length).toBeGreaterThan(0);
  expect(server.isRunning()).toBe(true);
  expect(server.lines.join('\n')).toContain('A mail could not be stored; its sender was asked to try again.');
  // A large one has no room as a file either.
  expect(await offer(MAX_MAILS + 1, 4_000)).toBe(451);
  await server.stop();

  await server.start();
  expect(await offer(refused ?? 0, 60)).toBe(0);
  expect(await offer(MAX_MAILS + 1, 4_000)).toBe(0);
  const all = [...taken, refused ?? 0, MAX_MAILS + 1].map((number) => `Matter ${number}`);
  await eventually(async () => (await subjects()).length >= all.length, 60_000);
  expect((await subjects()).toSorted()).toEqual(all.toSorted());
});
