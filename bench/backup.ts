import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { order } from './child.ts';
import { median, rounded, spread } from './figures.ts';
import { ENTRY, type House } from './house.ts';
import { makeLetters } from './letters.ts';
import { sendAll } from './send.ts';

const CREATE_EVERY_MS = 25;
/** Mail goes on coming: so many, one every so often. */
const MAIL_EVERY_MS = 200;

/** `tiketti backup` as a process beside the busy server: how long it takes, and how soon a modal opens meanwhile. */
export async function measureBackup(house: House, backups: number) {
  const seconds: number[] = [];
  const times: number[] = [];
  let bytes = 0;
  for (let run = 0; run < backups; run += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'tiketti-bench-backup-'));
    try {
      const ended = new AbortController();
      const mails = writeMails(house, ended.signal, run);
      const startedAt = performance.now();
      const backup = backUp(house, folder).finally(() => ended.abort());
      while (!ended.signal.aborted) {
        times.push(await order<number>(house.town, 'create', ''));
        await wait(CREATE_EVERY_MS);
      }
      await backup;
      seconds.push((performance.now() - startedAt) / 1_000);
      await mails;
      bytes = await sizeOf(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return {
    backups,
    seconds: rounded(median(seconds)),
    megabytes: rounded(bytes / 2 ** 20, 0),
    mailsPerSecondMeanwhile: 1_000 / MAIL_EVERY_MS,
    viewsOpenMeanwhile: spread(times),
    meaning:
      'tiketti backup in a process of its own beside the server, on the same cores; /ticket create again and again until it has ended.',
  };
}

async function backUp({ environment }: House, folder: string): Promise<void> {
  const child = spawn(process.execPath, [ENTRY, 'backup', join(folder, 'backup')], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`tiketti backup ended with ${code}.`);
}

async function writeMails({ server }: House, signal: AbortSignal, run: number): Promise<void> {
  for (let count = 0; !signal.aborted; count += 1) {
    await sendAll(server.mailPort, makeLetters(1, `backup${run}n${count}`), 1);
    await wait(MAIL_EVERY_MS);
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(entries.filter((one) => one.isFile()).map((one) => stat(join(one.parentPath, one.name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
