import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { formatProblems, lintProblems, typeProblems } from '../../scripts/check/tools.ts';
import { PROJECT, plant } from './planted.ts';

// Each test starts the real tools.
vi.setConfig({ testTimeout: 60_000 });

const OURS = Object.fromEntries(
  ['tsconfig.json', '.oxlintrc.json', '.oxfmtrc.json'].map((file) => [file, readFileSync(join(PROJECT, file), 'utf8')]),
);
const CLEAN = 'export const MINUTES_A_DAY = 1440;\n';
const TABLES = `import { eq } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';

const tickets = pgTable('tickets', { id: integer(), subject: text() });
`;

function planted(text: string): string {
  return plant({ ...OURS, 'package.json': '{\n  "type": "module"\n}\n', 'src/db/planted.ts': text });
}

test('a clean file passes types, lint and format', async () => {
  const root = planted(CLEAN);
  expect(await Promise.all([typeProblems(root), lintProblems(root), formatProblems(root)])).toEqual([[], [], []]);
});

test('a wrong type is caught', async () => {
  expect(await typeProblems(planted("export const minutes: number = 'many';\n"))).toEqual([
    expect.stringMatching(/^src\/db\/planted\.ts\(1,14\): error TS2322/),
    expect.stringMatching(/^tsc left with exit code/),
  ]);
});

test.each([
  ['an insert', 'tx.insert(tickets).values({ id: 1 });'],
  ['an update', "tx.update(tickets).set({ subject: 'Printer' }).where(eq(tickets.id, 1));"],
  ['a deletion', 'tx.delete(tickets).where(eq(tickets.id, 1));'],
  ['a question', 'tx.select().from(tickets);'],
])('%s that nobody awaits is caught', async (_what, statement) => {
  const text = `${TABLES}\nexport async function change(tx: NodePgDatabase): Promise<void> {\n  await tx.delete(tickets).where(eq(tickets.id, 2));\n  ${statement}\n}\n`;
  const problems = await lintProblems(planted(text));
  expect(problems).toContainEqual(expect.stringMatching(/planted\.ts:9:3: .*no-floating-promises/));
});

test('an awaited builder passes', async () => {
  const text = `${TABLES}\nexport async function change(tx: NodePgDatabase): Promise<void> {\n  await tx.delete(tickets).where(eq(tickets.id, 2));\n}\n`;
  expect(await lintProblems(planted(text))).toEqual([]);
});

test.each([
  ['any', 'export function read(value: any): string {\n  return String(value);\n}\n', 'no-explicit-any'],
  ['an unused name', 'const MINUTES_A_DAY = 1440;\nexport const HOURS_A_DAY = 24;\n', 'no-unused-vars'],
  ['a promise nobody awaits', 'export function wait(): void {\n  Promise.resolve(1);\n}\n', 'no-floating-promises'],
  ['the console', "export function say(): void {\n  console.log('hello');\n}\n", 'no-console'],
])('%s is caught', async (_what, text, rule) => {
  expect(await lintProblems(planted(text))).toContainEqual(expect.stringContaining(rule));
});

test('another format is caught', async () => {
  expect(await formatProblems(planted('export const MINUTES_A_DAY   =   1440\n'))).toContainEqual(
    expect.stringContaining('src/db/planted.ts'),
  );
});
