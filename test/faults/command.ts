import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface CommandOptions {
  environment?: Record<string, string>;
  input?: string | Uint8Array;
  /** No file may grow beyond this, as on a disk that is nearly full. */
  maxFileKilobytes?: number;
}

const CLI = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
/** Types are stripped once for all these processes. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url));
const DEADLINE_MS = 60_000;

/** The real command line in its own process, which knows nothing of our environment. */
export function spawnCommand(args: string[], { environment = {}, maxFileKilobytes }: CommandOptions) {
  const command = [process.execPath, '--max-semi-space-size=2', CLI, ...args];
  const [program = '', ...rest] =
    maxFileKilobytes === undefined
      ? command
      : ['/bin/bash', '--norc', '-c', `ulimit -f ${maxFileKilobytes} && exec "$@"`, 'limited', ...command];
  const child = spawn(program, rest, { env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: CACHE, ...environment } });
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void once(child, 'exit').then(() => process.off('exit', endWithUs));
  return child;
}

/** Runs a command to its end; kills it at the deadline. */
export async function run(args: string[], options: CommandOptions = {}): Promise<Ended> {
  const child = spawnCommand(args, options);
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  // A command that refuses its settings never reads what it is sent.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<[number | null]>]);
  clearTimeout(timer);
  return { code, out, err };
}
