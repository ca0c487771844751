import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { floorProblems } from './check/floors.ts';
import { verdictText, runGates } from './check/gate.ts';
import type { Gate } from './check/gate.ts';
import { localeUsageProblems } from './check/locale-usage.ts';
import { localeProblems, readLocales } from './check/locales.ts';
import { manifestProblems } from './check/manifest.ts';
import { schemaProblems } from './check/schema.ts';
import { sizeProblems } from './check/sizes.ts';
import { formatProblems, lintProblems, typeProblems } from './check/tools.ts';
import { projectPaths, readTexts } from './check/tree.ts';
import { wordingProblems } from './check/wording.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const texts = readTexts(root, projectPaths(root));
const sources = texts.filter(({ path }) => /^src\/.*\.[jt]s$/.test(path));
const templates = texts.filter(({ path }) => /^src\/.*\.hbs$/.test(path));

/** The slow ones first: they run as processes of their own while the others are thought through here. */
const GATES: readonly Gate[] = [
  { name: 'types', findProblems: typeProblems },
  { name: 'lint', findProblems: lintProblems },
  { name: 'format', findProblems: formatProblems },
  { name: 'schema', findProblems: schemaProblems },
  { name: 'manifest', findProblems: manifestProblems },
  { name: 'floors', findProblems: () => floorProblems(sources, dependenciesOf()) },
  { name: 'locales', findProblems: allLocaleProblems },
  { name: 'files', findProblems: () => sizeProblems(texts) },
  { name: 'wording', findProblems: () => wordingProblems(texts) },
];

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const verdicts = await runGates(GATES, root);
for (const verdict of verdicts) console.log(verdictText(verdict));
if (values.json) writeFileSync(values.json, JSON.stringify(verdicts));
process.exitCode = verdicts.every(({ problems }) => problems.length === 0) ? 0 : 1;

function dependenciesOf(): string[] {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  return Object.keys(z.object({ dependencies: z.record(z.string(), z.string()) }).parse(JSON.parse(text)).dependencies);
}

function allLocaleProblems(): string[] {
  const locales = readLocales(root);
  return [...localeProblems(locales), ...localeUsageProblems([...sources, ...templates], locales)];
}
