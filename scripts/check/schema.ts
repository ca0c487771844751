import { cpSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { problemsFrom, runCommand } from './command.ts';
import { DIALECTS, configOf, migrationsOf } from './dialects.ts';
import type { Dialect } from './dialects.ts';

export async function schemaProblems(root: string): Promise<string[]> {
  return (await Promise.all(DIALECTS.map((dialect) => driftProblems(root, dialect)))).flat();
}

/** Generates into a copy, so that looking never changes the migrations. */
async function driftProblems(root: string, dialect: Dialect): Promise<string[]> {
  const config = join(root, configOf(dialect));
  if (!existsSync(config)) return [`${configOf(dialect)} is missing`];
  const migrations = join(root, migrationsOf(dialect));
  if (!existsSync(migrations)) return [`${migrationsOf(dialect)} is missing: run npm run migrations -- NAME`];
  const folder = mkdtempSync(join(tmpdir(), 'schema-drift-'));
  try {
    const copy = join(folder, dialect);
    cpSync(migrations, copy, { recursive: true });
    const before = sqlFilesIn(copy);
    const result = await runCommand(root, 'drizzle-kit', [
      'generate',
      '--config',
      writeConfig({ folder, config, out: relative(root, copy) }),
    ]);
    const added = sqlFilesIn(copy).filter((file) => !before.includes(file));
    return [
      ...problemsFrom('drizzle-kit', result),
      ...added.map(() => driftSentence(dialect)),
      ...silenceProblems(dialect, result.output, added),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeConfig({ folder, config, out }: { folder: string; config: string; out: string }): string {
  const file = join(folder, 'config.ts');
  writeFileSync(file, `import base from ${JSON.stringify(config)};\nexport default { ...base, out: ${JSON.stringify(out)} };\n`);
  return file;
}

function sqlFilesIn(folder: string): string[] {
  return globSync('**/*.sql', { cwd: folder });
}

/** A renamed column makes drizzle-kit ask a question and leave with success when nobody is there to answer. */
function silenceProblems(dialect: Dialect, output: string, added: readonly string[]): string[] {
  const hasAnswered = added.length > 0 || output.includes('nothing to migrate');
  return hasAnswered ? [] : [`${driftSentence(dialect)} (drizzle-kit asked or failed: ${output.trim().split('\n').at(-1) ?? ''})`];
}

function driftSentence(dialect: Dialect): string {
  return `src/db/schema.ts is ahead of ${migrationsOf(dialect)}: run npm run migrations -- NAME`;
}
