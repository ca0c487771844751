import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DIALECTS, configOf } from './check/dialects.ts';

/** Writes the next migration of both databases under one name: `npm run migrations -- ticket-due-date`. */
const [name, ...rest] = process.argv.slice(2);
const isCustom = rest.length === 1 && rest[0] === '--custom';
const isUsable = name !== undefined && /^[a-z][a-z0-9-]*$/.test(name) && (rest.length === 0 || isCustom);
if (!isUsable) {
  console.error('Usage: npm run migrations -- NAME [--custom]');
  console.error('NAME is lower case, such as ticket-due-date; --custom makes two empty files for SQL written by hand.');
  process.exit(64);
}

const root = fileURLToPath(new URL('..', import.meta.url));
for (const dialect of DIALECTS) {
  const args = [
    'node_modules/drizzle-kit/bin.cjs',
    'generate',
    '--config',
    configOf(dialect),
    '--name',
    name,
    ...(isCustom ? ['--custom'] : []),
  ];
  // The terminal stays attached: drizzle-kit asks whether a column is new or renamed.
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
