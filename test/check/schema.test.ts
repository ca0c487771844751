import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { runCommand } from '../../scripts/check/command.ts';
import { schemaProblems } from '../../scripts/check/schema.ts';
import { plant, write } from './planted.ts';

// Each test starts the real tools several times.
vi.setConfig({ testTimeout: 60_000 });

const DIALECTS = [
  { dialect: 'sqlite', kit: 'sqlite', core: 'sqlite-core', table: 'sqliteTable' },
  { dialect: 'postgres', kit: 'postgresql', core: 'pg-core', table: 'pgTable' },
];

function schemaWith(columns: string): Record<string, string> {
  return Object.fromEntries(
    DIALECTS.map(({ dialect, core, table }) => [
      `src/db/schema.${dialect}.ts`,
      `import { ${table}, text } from 'drizzle-orm/${core}';\nexport const tickets = ${table}('tickets', { ${columns} });\n`,
    ]),
  );
}

async function plantMigrated(columns: string): Promise<string> {
  const configs = DIALECTS.map(({ dialect, kit }) => [
    `drizzle.${dialect}.ts`,
    `export default { dialect: '${kit}', schema: './src/db/schema.${dialect}.ts', out: './src/db/migrations/${dialect}', casing: 'snake_case' };`,
  ]);
  const root = plant({ 'package.json': '{ "type": "module" }', ...Object.fromEntries(configs), ...schemaWith(columns) });
  await Promise.all(DIALECTS.map(({ dialect }) => runCommand(root, 'drizzle-kit', ['generate', '--config', `drizzle.${dialect}.ts`])));
  return root;
}

function change(root: string, columns: string): void {
  for (const [path, text] of Object.entries(schemaWith(columns))) write(root, path, text);
}

test('a schema whose migrations are written passes, a column without one does not, and looking writes nothing', async () => {
  const root = await plantMigrated('dueAt: text()');
  const migrations = join(root, 'src/db/migrations/sqlite');
  const before = readdirSync(migrations);
  expect(await schemaProblems(root)).toEqual([]);
  change(root, 'dueAt: text(), subject: text()');
  expect(await schemaProblems(root)).toEqual([
    'src/db/schema.ts is ahead of src/db/migrations/sqlite: run npm run migrations -- NAME',
    'src/db/schema.ts is ahead of src/db/migrations/postgres: run npm run migrations -- NAME',
  ]);
  expect(readdirSync(migrations)).toEqual(before);
});

test('a renamed column, about which drizzle-kit would ask, is drift too', async () => {
  const root = await plantMigrated('dueAt: text()');
  change(root, 'dueOn: text()');
  const problems = await schemaProblems(root);
  expect(problems).toEqual(
    expect.arrayContaining([
      expect.stringContaining('is ahead of src/db/migrations/sqlite'),
      expect.stringContaining('is ahead of src/db/migrations/postgres'),
    ]),
  );
});

test('a missing configuration is a problem, not a pass', async () => {
  expect(await schemaProblems(plant({}))).toEqual(['drizzle.sqlite.ts is missing', 'drizzle.postgres.ts is missing']);
});
