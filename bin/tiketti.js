#!/usr/bin/env node
// Runs the program on Node 24 with its flags, whatever Node started this file: the one from node_modules where there is one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const own = fileURLToPath(new URL('node_modules/node/bin/node', root));
const node = existsSync(own) ? own : process.execPath;
const program = fileURLToPath(new URL('src/cli/index.ts', root));

// Many arenas keep what threads gave back; two are enough for a desk's.
const env = { MALLOC_ARENA_MAX: '2', ...process.env };
const child = spawn(node, ['--max-semi-space-size=2', program, ...process.argv.slice(2)], { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`Tiketti could not start: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
