import { expect, test } from 'vitest';
import { floorProblems, roomOf } from '../../scripts/check/floors.ts';
import { sources } from './planted.ts';

const DEPENDENCIES = ['@slack/bolt', 'imapflow', 'postal-mime', 'better-sqlite3', 'drizzle-orm', 'zod'];

function problemsIn(files: Record<string, string>): string[] {
  return floorProblems(sources(files), DEPENDENCIES);
}

test.each([
  ['a verb that imports a channel', 'src/tickets/solve.ts', "import { card } from '#slack/card.ts';"],
  ['a ground file that imports the database', 'src/config.ts', "import { open } from './db/open.ts';"],
  ['a file of text/ that imports the database', 'src/text/document.ts', "import { open } from '../db/open.ts';"],
  ['the database that imports the job queue', 'src/db/open.ts', "import { enqueue } from '../jobs/queue.ts';"],
  ['a rule that imports mail', 'src/rules/actions.ts', "import { compose } from '#mail/compose.ts';"],
  ['a channel that imports a door', 'src/slack/card.ts', "import { create } from '#modals/create.ts';"],
  ['a door that imports main', 'src/actions/take.ts', "import { stop } from '../main.ts';"],
  ['a type', 'src/tickets/solve.ts', "import type { Card } from '#slack/card.ts';"],
  ['a type in a type', 'src/tickets/solve.ts', "export type Card = import('#slack/card.ts').Card;"],
  ['a re-export', 'src/tickets/solve.ts', "export * from '#slack/card.ts';"],
  ['a dynamic import', 'src/tickets/solve.ts', "export const card = () => import('#slack/card.ts');"],
  ['a dynamic import with a hole', 'src/tickets/solve.ts', 'export const card = (name: string) => import(`#slack/${name}.ts`);'],
  ['a worker entry', 'src/jobs/worker.ts', "export const entry = new URL('../mail/parse-worker.ts', import.meta.url);"],
  ['a resolved module', 'src/jobs/worker.ts', "export const entry = import.meta.resolve('#mail/parse-worker.ts');"],
])('no file reaches up: %s', (_case, path, text) => {
  expect(problemsIn({ [path]: text })).toEqual([expect.stringMatching(new RegExp(`^${path}:1 imports src/.* lies below`))]);
});

test.each([
  ['mail', 'slack'],
  ['slack', 'mail'],
  ['web', 'mail'],
])('%s and %s are siblings and never import each other', (from, to) => {
  expect(problemsIn({ [`src/${from}/a.ts`]: `import '#${to}/b.ts';` })).toEqual([
    `src/${from}/a.ts:1 imports src/${to}/b.ts: ${from} and ${to} are siblings`,
  ]);
});

test('files reach down and sideways on their own floor', () => {
  const problems = problemsIn({
    'src/main.ts': "import { create } from '#commands/create.ts';\nimport { doctor } from './cli/doctor.ts';",
    'src/commands/create.ts': "import { id } from '#modals/create.ts';\nimport { openTicket } from '#tickets/open.ts';",
    'src/mail/receive.ts': "import { matches } from '#rules/match.ts';\nimport { log } from '#log.ts';",
    'src/files/store.ts': "import type { Writer } from '#db/database.ts';",
    'src/db/open.ts': "export const migrations = new URL('./migrations/sqlite/', import.meta.url);",
    'src/i18n.ts': "export const locales = new URL('../locales/', import.meta.url);",
  });
  expect(problems).toEqual([]);
});

test('words in comments and strings are not imports', () => {
  expect(problemsIn({ 'src/tickets/a.ts': `// import '#slack/card.ts';\nexport const text = "import '#slack/card.ts'";` })).toEqual([]);
});

test('a folder on no floor is refused', () => {
  expect(problemsIn({ 'src/services/ticket.ts': 'export const x = 1;' })).toEqual([
    'src/services/ticket.ts stands on no floor; name its folder in floors.ts',
  ]);
});

test.each(['../../playground/world.ts', '../../test/support/desk.ts', '../../scripts/check/floors.ts'])(
  'src never imports %s',
  (specifier) => {
    expect(problemsIn({ 'src/slack/app.ts': `import '${specifier}';` })).toEqual([expect.stringContaining('which is outside src')]);
    expect(problemsIn({ 'src/slack/app.ts': `new URL('${specifier}', import.meta.url);` })).toEqual([
      expect.stringContaining('which is outside src'),
    ]);
  },
);

test('an import nobody can read is refused', () => {
  expect(problemsIn({ 'src/cli/run.ts': 'export const load = (file: string) => import(file);' })).toEqual([
    expect.stringContaining('imports a computed name'),
  ]);
});

test('files that import each other in a ring are refused, types included', () => {
  const problems = problemsIn({
    'src/tickets/open.ts': "import { record } from './events.ts';",
    'src/tickets/events.ts': "import type { Desk } from './desk.ts';",
    'src/tickets/desk.ts': "import type { Opened } from './open.ts';",
    'src/tickets/solve.ts': "import { record } from './events.ts';",
  });
  expect(problems).toEqual([
    'files import each other in a ring: src/tickets/desk.ts → src/tickets/open.ts → src/tickets/events.ts → src/tickets/desk.ts',
  ]);
});

test.each([
  ['@slack/bolt', 'mail'],
  ['@slack/bolt', 'cli'],
  ['@slack/bolt', 'tickets'],
  ['imapflow', 'cli'],
  ['postal-mime', 'slack'],
  ['better-sqlite3', 'jobs'],
  ['drizzle-orm/better-sqlite3', 'tickets'],
  ['drizzle-orm/node-postgres', 'cli'],
  ['drizzle-orm', 'commands'],
  ['drizzle-orm', 'modals'],
])('%s is fenced off from %s', (name, room) => {
  expect(problemsIn({ [`src/${room}/a.ts`]: `import type { X } from '${name}';` })).toEqual([
    expect.stringContaining(`imports ${name}, which only`),
  ]);
});

test.each([
  ['@slack/bolt', 'src/slack/app.ts'],
  ['@slack/bolt', 'src/modals/create.ts'],
  ['@slack/bolt', 'src/main.ts'],
  ['postal-mime', 'src/mail/parse.ts'],
  ['drizzle-orm/better-sqlite3', 'src/db/sqlite.ts'],
  ['drizzle-orm', 'src/rules/due.ts'],
  ['zod', 'src/config.ts'],
  ['node:fs', 'src/config.ts'],
])('%s is at home in %s', (name, path) => {
  expect(problemsIn({ [path]: `import '${name}';` })).toEqual([]);
});

test('src uses only what operators install', () => {
  expect(problemsIn({ 'src/log.ts': "import 'vitest';" })).toEqual([
    'src/log.ts:1 imports vitest, which is not among the dependencies of package.json',
  ]);
});

test('only the composition root stands above the doors among the files of src', () => {
  expect(['src/main.ts', 'src/clock.ts', 'src/text/fold.ts', 'src/slack/home/rules.ts'].map(roomOf)).toEqual([
    'main',
    'ground',
    'ground',
    'slack',
  ]);
});
