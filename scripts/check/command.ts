import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const COMMAND_TIMEOUT_MS = 90_000;
const MAX_OUTPUT_LINES = 400;

export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a tool of node_modules/.bin with the Node that runs us, without a terminal to ask questions on. */
export function runCommand(root: string, tool: string, args: readonly string[]): Promise<CommandResult> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin', tool), args, {
      cwd: root,
      env: { ...process.env, PATH: path, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** The exit code decides; the output only explains, so a silent failure is still a problem. */
export function problemsFrom(tool: string, { exitCode, output }: CommandResult): string[] {
  if (exitCode === 0) return [];
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const verdict = exitCode === null ? `${tool} was stopped after ${COMMAND_TIMEOUT_MS} ms` : `${tool} left with exit code ${exitCode}`;
  return [...lines.slice(0, MAX_OUTPUT_LINES), verdict];
}

export function existing(root: string, folders: readonly string[]): string[] {
  return folders.filter((folder) => existsSync(join(root, folder)));
}
