import { afterEach, expect, test } from 'vitest';
import { startMailWorkers, UnderstandingError } from '#mail/worker.ts';
import type { MailWorkerOptions, MailWorkers } from '#mail/worker.ts';
import { EMPTY_CONTEXT } from '#mail/understand/letter.ts';
import { mailOf } from './understand/fixture.ts';

const running: MailWorkers[] = [];

function workers(options?: MailWorkerOptions): MailWorkers {
  const started = startMailWorkers(options);
  running.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((pool) => pool.close()));
});

const small = (subject: string): Buffer => mailOf(['From: liisa@example.com', `Subject: ${subject}`], 'Hei');
/** Takes the thread far longer than the time it is given below, and is no big mail, which would get more of it. */
const slow = mailOf(['From: liisa@example.com', 'Content-Type: text/html'], '<p>word <b>word</b></p>'.repeat(21_000));

test('every mail gets its own answer, however many wait', async () => {
  const pool = workers({ threads: 2 });
  const letters = await Promise.all(Array.from({ length: 100 }, (_, at) => pool.understand(small(`mail ${at}`), EMPTY_CONTEXT)));
  expect(letters.map(({ subject }) => subject)).toEqual(Array.from({ length: 100 }, (_, at) => `mail ${at}`));
});

test('files cross whole, and the caller keeps its bytes', async () => {
  const raw = mailOf(['Content-Type: application/pdf; name=a.pdf'], '%PDF-1.4');
  const letter = await workers().understand(raw, EMPTY_CONTEXT);
  expect(Buffer.from(letter.attachments[0]?.bytes ?? []).toString()).toBe('%PDF-1.4');
  expect(raw.toString()).toContain('%PDF-1.4');
});

test('a mail that takes too long is given up, and the mails behind it are not', async () => {
  const pool = workers({ timeoutMs: 60 });
  const [hung, next] = await Promise.allSettled([pool.understand(slow, EMPTY_CONTEXT), pool.understand(small('next'), EMPTY_CONTEXT)]);
  expect(hung).toMatchObject({ status: 'rejected', reason: { reason: 'timeout' } });
  expect(hung.status === 'rejected' && hung.reason instanceof UnderstandingError).toBe(true);
  expect(next).toMatchObject({ status: 'fulfilled', value: { subject: 'next' } });
});

test('a mail that takes too much memory is given up, and the thread is replaced', async () => {
  const pool = workers({ memoryMb: 24, timeoutMs: 20_000 });
  await expect(pool.understand(slow, EMPTY_CONTEXT)).rejects.toMatchObject({ reason: 'memory' });
  expect((await pool.understand(small('next'), EMPTY_CONTEXT)).subject).toBe('next');
});

test('closing leaves nobody waiting', async () => {
  const pool = workers();
  const first = pool.understand(slow, EMPTY_CONTEXT);
  const second = pool.understand(small('second'), EMPTY_CONTEXT);
  const settled = Promise.allSettled([first, second]);
  await pool.close();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(pool.understand(small('late'), EMPTY_CONTEXT)).rejects.toThrow('closed');
});

test('a thread without work ends, and the next mail is understood all the same', async () => {
  const pool = workers({ idleMs: 1 });
  expect((await pool.understand(small('first'), EMPTY_CONTEXT)).subject).toBe('first');
  await expect.poll(() => pool.threads()).toBe(0);
  expect((await pool.understand(small('second'), EMPTY_CONTEXT)).subject).toBe('second');
});
