import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isAnswering } from '../demo/ports.ts';
import type { State } from '../workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'tiketti-demo-'));
const READY_MILLISECONDS = 10_000;
const TEST_MILLISECONDS = 40_000;
const running = new Set<ChildProcess>();

afterAll(async () => {
  await Promise.all([...running].map(stop));
  rmSync(folder, { recursive: true, force: true });
});

interface Demo {
  url: string;
  process: ChildProcess;
  milliseconds: number;
}

async function start(): Promise<Demo> {
  const startedAt = performance.now();
  const environment = { ...process.env, DEMO_DATA: folder, DEMO_PORT: '0', DEMO_SAMPLE: 'off', TIKETTI_HOLD_SECONDS: '0' };
  const demo = spawn(process.execPath, ['playground/demo.ts'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  running.add(demo);
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    demo.stdout?.on('data', (data: Buffer) => {
      printed += data.toString('utf8');
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
      if (found) resolve(found);
    });
    demo.once('exit', () => reject(new Error(`The demo ended and had printed: ${printed}`)));
  });
  return { url, process: demo, milliseconds: performance.now() - startedAt };
}

async function stop(demo: ChildProcess): Promise<number | null> {
  if (demo.exitCode !== null) return demo.exitCode;
  const gone = once(demo, 'exit');
  // As a terminal does it: to the whole group.
  process.kill(-(demo.pid ?? 0), 'SIGINT');
  await gone;
  running.delete(demo);
  return demo.exitCode;
}

async function ask<T>(url: string, path: string, given?: unknown): Promise<T> {
  const answered = await fetch(
    url + path,
    given === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(given) },
  );
  expect(answered.status, `${path}: ${await answered.clone().text()}`).toBe(200);
  return (await answered.json()) as T;
}

async function until<T>(question: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + READY_MILLISECONDS;
  for (;;) {
    const answer = await question();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline)
      throw new Error(`It did not come. Tiketti's log: ${readFileSync(join(folder, 'tiketti.log'), 'utf8').slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const cardOf = (url: string, subject: string) => async (): Promise<string | undefined> =>
  (await ask<{ text: string }[]>(url, '/play/readMessages', ['support'])).find(({ text }) => text.includes(subject))?.text;

test('the demo prints its one address in ten seconds, and a mail becomes a card', { timeout: TEST_MILLISECONDS }, async () => {
  const { url, milliseconds } = await start();
  expect(milliseconds).toBeLessThan(READY_MILLISECONDS);
  const mail = {
    box: 'grace@millerbooks.example',
    to: 'support@pohjola.example',
    subject: 'The till is locked',
    text: 'Hello, please help.',
  };
  expect(await ask(url, '/mail/send', mail)).toMatchObject({ trouble: null });
  expect(await until(cardOf(url, 'The till is locked'))).toContain('Grace Miller');
});

test('a second demo on the same data only tells where the first is', { timeout: TEST_MILLISECONDS }, async () => {
  const [first] = running;
  const second = await start();
  await once(second.process, 'exit');
  running.delete(second.process);
  expect(first?.exitCode).toBeNull();
  expect(await ask(second.url, '/play/problems')).toEqual([]);
});

test('interrupting ends all of it, and everything is there again afterwards', { timeout: TEST_MILLISECONDS }, async () => {
  const [first] = running;
  if (!first) throw new Error('The demo should still run.');
  const settings = JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as { url: string };
  expect(await stop(first)).toBe(0);
  expect(await isAnswering(Number(new URL(settings.url).port))).toBe(false);
  expect(readFileSync(join(folder, 'tiketti.log'), 'utf8')).toContain('Tiketti is closed.');

  const { url, process: second } = await start();
  expect(await cardOf(url, 'The till is locked')()).toContain('TK-1');
  const mails = await ask<{ direction: string }[]>(url, '/mail/list?box=grace%40millerbooks.example');
  expect(mails.map(({ direction }) => direction)).toEqual(expect.arrayContaining(['in', 'out']));
  const state = await ask<State & { connections: number }>(url, '/play/state');
  expect(Object.values(state.people).filter(({ name }) => name === 'anna')).toHaveLength(1);
  expect(await stop(second)).toBe(0);
});

test('a server that outlived its demo is ended before the next one starts', { timeout: TEST_MILLISECONDS }, async () => {
  const first = await start();
  const { deskPid } = JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as { deskPid: number };
  const gone = once(first.process, 'exit');
  first.process.kill('SIGKILL');
  await gone;
  running.delete(first.process);
  const second = await start();
  expect(() => process.kill(deskPid, 0)).toThrow('ESRCH');
  expect(await cardOf(second.url, 'The till is locked')()).toContain('TK-1');
  expect(await stop(second.process)).toBe(0);
});
