import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface DeskOptions {
  /** Everything Tiketti reads of its environment. */
  environment: Record<string, string>;
  logFile: string;
}

export interface RunningDesk {
  pid: number;
  /** Why it ended by itself, with the end of its log; pending while it runs. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../../bin/tiketti.js', import.meta.url));
/** Nothing else of the operator's shell reaches the demo: no real mailbox, no real workspace. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG', 'LOG_LEVEL', 'TIKETTI_HOLD_SECONDS'];
const STOP_MILLISECONDS = 12_000;
const LAST_LINES = 12;

/** The real server, as `npm start` runs it. */
export function startDesk({ environment, logFile }: DeskOptions): RunningDesk {
  const kept = Object.fromEntries(KEPT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  const log = openSync(logFile, 'a');
  // In a group of its own: the terminal's Ctrl-C would reach it beside ours, and a second signal ends it before it has tidied up.
  const child = spawn(process.execPath, [PROGRAM, 'start'], {
    env: { ...kept, ...environment },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  return {
    pid: child.pid ?? 0,
    ended: once(child, 'exit').then(([code]) => `Tiketti ended with code ${String(code)}.\n${lastLines(logFile)}`),
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
  await gone;
  clearTimeout(late);
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}
