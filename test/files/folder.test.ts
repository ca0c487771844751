import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#clock.ts';
import { openFolder } from '#files/folder.ts';
import { type Commits, groupCommits } from '#jobs/commits.ts';
import { rawOf, storeMail } from '#mail/store.ts';
import { describeDatabases } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiketti-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LARGE_BYTES = 400_000;

const names = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile()).map((one) => one.name);

describeDatabases('a mail too large for a row', (subject) => {
  test('has its bytes on the disk, file and folder, before the commit that names them', async () => {
    const steps: string[] = [];
    const desk = {
      ...(await testDesk(subject.db)),
      files: openFolder(folder, systemClock, (step) => void steps.push(step)),
      failPoint: (step: string) => void steps.push(step),
    };
    const commits = groupCommits(desk.db);
    const watched: Commits = {
      run: (label, work) => {
        steps.push('transaction');
        return commits.run(label, work);
      },
    };
    const raw = Buffer.concat([Buffer.from('From: liisa@example.com\n\n'), randomBytes(LARGE_BYTES)]);
    await storeMail(desk, watched, { mailbox: 'smtp', raw, envelopeFrom: null, envelopeTo: [] });
    expect(steps).toEqual(['written', 'synced', 'renamed', 'folder synced', 'transaction', 'stored']);
    const [mail] = await desk.db.select().from(desk.db.tables.mails);
    expect(mail?.rawFile).toMatch(/^[0-9a-f]{64}$/);
    expect(mail && Buffer.from(await rawOf(desk, mail)).equals(raw)).toBe(true);
  });

  test('is not named by any row when its bytes could not be written', async () => {
    const desk = { ...(await testDesk(subject.db)), files: openFolder('/dev/null/files', systemClock) };
    const raw = randomBytes(LARGE_BYTES);
    await expect(storeMail(desk, groupCommits(desk.db), { mailbox: 'smtp', raw, envelopeFrom: null, envelopeTo: [] })).rejects.toThrow(
      'ENOTDIR',
    );
    expect(await desk.db.$count(desk.db.tables.mails)).toBe(0);
  });
});

test('a put that fails half way leaves neither a file nor a name', async () => {
  const files = openFolder(folder, systemClock, (step) => {
    if (step === 'synced') throw new Error('The power went.');
  });
  await expect(files.put(Buffer.from('Hei'))).rejects.toThrow('The power went.');
  expect(await names()).toEqual([]);
});

test('the same bytes are one file, and the second put is as durable as the first', async () => {
  const steps: string[] = [];
  const files = openFolder(folder, systemClock, (step) => void steps.push(step));
  const first = await files.put(Buffer.from('Hei'));
  steps.length = 0;
  expect(await files.put(Buffer.from('Hei'))).toBe(first);
  // Whoever wrote them may not have synced the folder yet.
  expect(steps).toEqual(['folder synced']);
  expect(await names()).toEqual([first]);
});

test('files are for the desk alone', async () => {
  const files = openFolder(folder, systemClock);
  const sha256 = await files.put(Buffer.from('Hei'));
  expect((await stat(join(folder, sha256.slice(0, 2), sha256))).mode & 0o077).toBe(0);
});
