import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testTroubles } from './cases.ts';
import { DEATHS, LAST_MOMENTS, STEPS } from './steps.ts';

describe('killed once at a step and started again, the server loses nothing and doubles nothing', () => {
  testTroubles('sqlite', [...DEATHS, ...LAST_MOMENTS]);
});

test('every deadly step the server has is tried', async () => {
  const folder = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const sources = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const steps = new Set(sources.flatMap((source) => [...source.matchAll(/failPoint\('([^']+)'\)/g)].map((match) => match[1])));
  expect(steps).toEqual(new Set([...STEPS.mail, ...STEPS.reply]));
});
