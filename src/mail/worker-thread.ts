import { parentPort } from 'node:worker_threads';
import { EMPTY_CONTEXT } from './understand/letter.ts';
import type { Letter } from './understand/letter.ts';
import { understand } from './understand/parse.ts';
import type { Answer, Job } from './worker-protocol.ts';

const port = parentPort;
if (!port) throw new Error('worker-thread.ts runs only as a worker thread.');

const waiting: Job[] = [];
let isWorking = false;

port.on('message', (jobs: Job[]) => {
  waiting.push(...jobs);
  if (!isWorking) void work();
});
await warmUp();
post({ type: 'ready' });

/** Loads and compiles what every mail needs, so that the first mail's time is its own. */
async function warmUp(): Promise<void> {
  await understand(
    Buffer.from('From: a@example.com\nContent-Type: text/html\n\n<p>Hello <a href="https://example.com">you</a></p>'),
    EMPTY_CONTEXT,
  );
}

async function work(): Promise<void> {
  isWorking = true;
  for (let job = waiting.shift(); job; job = waiting.shift()) await answer(job);
  isWorking = false;
}

async function answer({ id, raw, context }: Job): Promise<void> {
  try {
    const letter = await understand(raw, context);
    const attachments = letter.attachments.map((attachment) => ({ ...attachment, bytes: new Uint8Array(attachment.bytes) }));
    postLetter(
      id,
      { ...letter, attachments },
      attachments.map((attachment) => attachment.bytes.buffer),
    );
  } catch (cause) {
    post({ type: 'failed', id, message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  }
}

function postLetter(id: number, letter: Letter, buffers: ArrayBuffer[]): void {
  const answered: Answer = { type: 'understood', id, letter };
  port?.postMessage(answered, buffers);
}

function post(said: Answer): void {
  port?.postMessage(said);
}
