import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STEPS } from './steps.ts';

test('every deadly step the server has is tried', async () => {
  const folder = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const sources = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const steps = new Set(sources.flatMap((source) => [...source.matchAll(/failPoint\('([^']+)'\)/g)].map((match) => match[1])));
  expect(steps).toEqual(new Set([...STEPS.mail, ...STEPS.reply]));
});
