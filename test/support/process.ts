import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The server as its own process, so that a test can kill it as a power cut would. */
export interface ServerProcess {
  /** The log of all its lives, newest last. */
  readonly lines: readonly string[];
  readonly isRunning: boolean;
  /** Starts the process; `opened` says when it serves. */
  launch(environment?: Environment): void;
  /** Resolves when it says that it is open; throws when it ended before, or at the deadline. */
  opened(deadlineMs?: number): Promise<void>;
  /** Resolves when it is gone; throws at the deadline. */
  died(deadlineMs?: number): Promise<void>;
  /** Kills it without a word. */
  kill(): Promise<void>;
  /** Hands an order to a test entry and waits for its answer. */
  order(order: Record<string, unknown>): Promise<unknown>;
}

type Environment = Record<string, string>;

export const SERVER = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
export const SERVER_WITH_CLOCK = fileURLToPath(new URL('./server-with-clock.ts', import.meta.url));
export const IMPATIENT_SERVER = fileURLToPath(new URL('./impatient-server.ts', import.meta.url));

const OPEN = '"msg":"Tiketti is open."';
const DEADLINE_MS = 30_000;
const MAX_LINES = 2_000;
const TOLD_LINES = 15;

/** `command` is the entry and its arguments. Nothing of the test's own environment is handed on but PATH and the compile cache. */
export function serverProcess(command: string[], environment: Environment): ServerProcess {
  const lines: string[] = [];
  let current: Life | null = null;
  const life = () => {
    if (!current) throw new Error('The server was never started.');
    return current;
  };
  return {
    lines,
    get isRunning() {
      return current?.isRunning ?? false;
    },
    launch(more = {}) {
      if (current?.isRunning) throw new Error('The server runs already.');
      current = begin(command, { ...environment, ...more }, lines);
    },
    opened: (deadlineMs = DEADLINE_MS) => within(life().opened, deadlineMs, () => `The server did not open.\n${lastOf(lines)}`),
    died: (deadlineMs = DEADLINE_MS) => within(life().ended, deadlineMs, () => `The server did not end.\n${lastOf(lines)}`),
    async kill() {
      if (!current?.isRunning) return;
      current.process.kill('SIGKILL');
      await current.ended;
    },
    order: (order) => life().order(order),
  };
}

interface Life {
  process: ChildProcess;
  readonly isRunning: boolean;
  opened: Promise<void>;
  ended: Promise<void>;
  order(order: Record<string, unknown>): Promise<unknown>;
}

function begin(command: string[], environment: Environment, lines: string[]): Life {
  const child = spawn(process.execPath, ['--max-semi-space-size=2', ...command], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: compileCache(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let isRunning = true;
  const ended = once(child, 'exit').then(() => {
    isRunning = false;
    process.off('exit', endWithUs);
  });
  const opened = new Promise<void>((resolve, reject) => {
    readLines(child, (line) => {
      lines.push(line);
      if (lines.length > MAX_LINES) lines.splice(0, lines.length - MAX_LINES);
      if (line.includes(OPEN)) resolve();
    });
    void ended.then(() => reject(new Error(`The server ended before it was open.\n${lastOf(lines)}`)));
  });
  // Who never asks whether it opened need not hear that it didn't.
  opened.catch(() => {});
  return {
    process: child,
    opened,
    ended,
    order: (order) => exchange(child, order),
    get isRunning() {
      return isRunning;
    },
  };
}

function readLines(child: ChildProcess, take: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) take(line);
    });
  }
}

let orders = 0;

function exchange(child: ChildProcess, order: Record<string, unknown>): Promise<unknown> {
  orders += 1;
  const id = orders;
  return new Promise((resolve, reject) => {
    const end = () => {
      child.off('message', hear);
      child.off('exit', fail);
    };
    const hear = (answer: { id?: number; value?: unknown }) => {
      if (answer.id !== id) return;
      end();
      resolve(answer.value);
    };
    const fail = () => {
      end();
      reject(new ServerGone());
    };
    child.on('message', hear);
    child.once('exit', fail);
    child.send({ ...order, id }, (error) => error && fail());
  });
}

/** The process ended before it answered an order. */
export class ServerGone extends Error {}

async function within<T>(waited: Promise<T>, deadlineMs: number, explain: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(explain())), deadlineMs);
  });
  try {
    return await Promise.race([waited, late]);
  } finally {
    clearTimeout(timer);
  }
}

function lastOf(lines: string[]): string {
  return lines.slice(-TOLD_LINES).join('\n');
}

/** Restarts are the point of these tests: the second one need not strip the same types again. */
function compileCache(): string {
  return fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url));
}
