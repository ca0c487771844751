import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readDataConfig } from '#config.ts';
import { seed } from '../../src/cli/seed.ts';

// Each step is a process of its own.
vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('../../', import.meta.url));
const shell = promisify(execFile);

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tiketti-readme-'));
});
afterEach(() => rm(home, { recursive: true }));

/** The commands of the numbered steps, as they stand there. */
function steps(): string[] {
  const section = readFileSync(join(root, 'README.md'), 'utf8').split('## Backup drill')[1]?.split('When it is no drill')[0] ?? '';
  return [...section.matchAll(/`([^`\n]*(?:npm run tiketti|rm -r)[^`\n]*)`/g)].map(([, command = '']) => command);
}

test('the backup drill of the README works as written', async () => {
  const environment = { DATABASE_URL: `file:${join(home, 'data/tiketti.db')}`, FILES_URL: `file:${join(home, 'data/files')}` };
  await seed(readDataConfig(environment), { tickets: 30, days: 10 }, () => {});
  const told: string[] = [];
  for (const step of steps()) {
    const command = step.replace('npm run tiketti --', '"$NODE" "$TIKETTI"');
    const env = { PATH: process.env['PATH'] ?? '', NODE: process.execPath, TIKETTI: join(root, 'bin/tiketti.js') };
    // Doctor has no Slack here, and says so with a 1: all it has to find in a drill is the data.
    const { stdout } = await shell('/bin/bash', ['-c', command], { cwd: home, env }).catch((error: { stdout: string; code: number }) => {
      if (error.code !== 1 || !step.endsWith('doctor')) throw error;
      return error;
    });
    told.push(stdout);
  }
  const [made, read, restored, examined] = told;
  expect(made).toContain('30 tickets');
  expect(read).toContain('it can be restored');
  expect(restored).toContain('Restored the backup of');
  expect(examined).toMatch(/^ok +integrity/m);
  expect(await readdir(home)).toEqual(['backups', 'data']);
});
