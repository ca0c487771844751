/**
 * Writes playground/rules/*.json: the facts about Slack's methods, limits, payloads and manifest the playground is held to.
 * Usage: node scripts/slack-rules.ts FOLDER   (a folder with methods/, blocks/, payloads/, socket-mode/, json-logs/ and manifest-schema/)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestFacts } from './slack-rules/manifest.ts';
import { methodFacts } from './slack-rules/methods.ts';
import { payloadFacts } from './slack-rules/payloads.ts';

const USAGE_EXIT_CODE = 64;
const target = join(import.meta.dirname, '../playground/rules');

function main(folder: string | undefined): void {
  if (!folder) {
    console.error('Usage: node scripts/slack-rules.ts FOLDER');
    process.exitCode = USAGE_EXIT_CODE;
    return;
  }
  write('methods.json', methodFacts(join(folder, 'methods')));
  write('limits.json', JSON.parse(readFileSync(join(folder, 'blocks/limits.json'), 'utf8')) as object);
  write('payloads.json', payloadFacts(folder));
  write('manifest.json', manifestFacts(join(folder, 'manifest-schema/manifest.schema.2.0.0.json')));
}

function write(name: string, facts: object): void {
  writeFileSync(join(target, name), `${JSON.stringify(facts, null, 1)}\n`);
  console.log(`playground/rules/${name}`);
}

main(process.argv[2]);
