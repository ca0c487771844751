import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { order, stopChild } from './child.ts';

export interface Inside {
  commits: number;
  /** Of all its threads, since it began. */
  cpuMs: number;
  residentBytes: number;
  loopP99Ms: number | null;
  loopMaxMs: number | null;
}

/** The real server in a process of its own: `tiketti start`. */
export interface Server {
  mailPort: number;
  /** From its spawning to its word that it is open. */
  startMs: number;
  /** How it is doing; `begin` starts the watch over the event loop. */
  ask(name?: 'begin' | 'tell'): Promise<Inside>;
  stop(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL('../src/cli/index.ts', import.meta.url));
const INSIDE = new URL('./inside.ts', import.meta.url).href;
const OPEN = '"msg":"Tiketti is open."';
const START_DEADLINE_MS = 60_000;
const KEPT_LINES = 20;

export async function startServer(environment: Record<string, string>): Promise<Server> {
  const startedAt = performance.now();
  const flags = process.env['BENCH_NODE_FLAGS']?.split(' ').filter(Boolean) ?? [];
  const child = spawn(process.execPath, ['--max-semi-space-size=2', ...flags, '--import', INSIDE, ENTRY, 'start'], {
    env: { PATH: process.env['PATH'] ?? '', MALLOC_ARENA_MAX: '2', ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  const mailPort = await opened(child);
  return {
    mailPort,
    startMs: performance.now() - startedAt,
    ask: (name = 'tell') => order<Inside>(child, name),
    stop: () => stopChild(child),
  };
}

function opened(child: ChildProcess): Promise<number> {
  const last: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(`${why}\n${last.join('\n')}`));
    };
    const timer = setTimeout(() => fail('The server did not open.'), START_DEADLINE_MS);
    child.once('exit', () => fail('The server ended.'));
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      last.push(...lines);
      last.splice(0, last.length - KEPT_LINES);
      const line = lines.find((one) => one.includes(OPEN));
      if (!line) return;
      clearTimeout(timer);
      resolve(Number((JSON.parse(line) as { mail: number }).mail));
    });
  });
}
