import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAnswering } from './ports.ts';

/** What a running demo leaves on its data: where it is, and which process is its server. */
interface Running {
  url: string;
  deskPid: number;
}

const LEAVE_MILLISECONDS = 12_000;
const LOOK_MILLISECONDS = 50;

const fileIn = (folder: string): string => join(folder, 'running.json');

/** Two demos on one folder would spoil it, and so would a server that outlived its demo: that one is ended. */
export async function urlOfRunning(folder: string): Promise<string | null> {
  if (!existsSync(fileIn(folder))) return null;
  const { url, deskPid } = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Running;
  if (await isAnswering(Number(new URL(url).port))) return url;
  if (isDesk(deskPid)) await end(deskPid);
  return null;
}

export function noteRunning(folder: string, running: Running): void {
  writeFileSync(fileIn(folder), JSON.stringify(running));
}

export function noteEnded(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** The number may belong to somebody else by now. */
function isDesk(pid: number): boolean {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'tiketti.js start',
    );
  } catch {
    return false;
  }
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + LEAVE_MILLISECONDS;
  while (isDesk(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
}
