import { Worker } from 'node:worker_threads';
import type { Reader } from './database.ts';
import type { Answer, Job, Method, Task } from './reader-task.ts';

const MAX_WAITING = 200;
const MAX_MEMORY_MEGABYTES = 256;
const END_MILLISECONDS = 5_000;

export interface ReaderWorker {
  search: Reader['search'];
  rows(text: string, parameters: unknown[], method: Method): Promise<unknown>;
  close(): Promise<void>;
}

/** A thread with a reading connection of its own, started when somebody first asks. */
export function openReaderWorker(file: string): ReaderWorker {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let thread: Worker | undefined;
  let lastId = 0;
  let isClosed = false;

  function start(): Worker {
    const worker = new Worker(new URL('./reader-thread.ts', import.meta.url), {
      workerData: { file },
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MEGABYTES },
    });
    worker.on('message', settle);
    worker.on('error', (error) => abandon(worker, error));
    worker.on('exit', () => abandon(worker, new Error('The reader thread ended.')));
    return worker;
  }

  function settle(answer: Answer): void {
    const promise = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) thread?.unref();
    if ('rows' in answer) promise?.resolve(answer.rows);
    else promise?.reject(Object.assign(new Error(answer.failure.message), { code: answer.failure.code }));
  }

  /** The next question starts a new thread. */
  function abandon(worker: Worker, error: Error): void {
    if (worker !== thread) return;
    thread = undefined;
    for (const promise of waiting.values()) promise.reject(error);
    waiting.clear();
  }

  function ask(task: Task): Promise<unknown> {
    if (isClosed) return Promise.reject(new Error('The database is closed.'));
    if (waiting.size >= MAX_WAITING) return Promise.reject(new Error(`${MAX_WAITING} questions wait for the reader thread already.`));
    thread ??= start();
    const promise = Promise.withResolvers<unknown>();
    lastId += 1;
    waiting.set(lastId, promise);
    // Idle, it keeps no process alive.
    thread.ref();
    thread.postMessage({ id: lastId, task } satisfies Job, []);
    return promise.promise;
  }

  /** Ended from outside while SQLite is at work in it, a thread can take the process with it: it is asked to end itself. */
  async function end(worker: Worker): Promise<void> {
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage(null, []);
    const late = setTimeout(() => void worker.terminate(), END_MILLISECONDS);
    await ended;
    clearTimeout(late);
  }

  return {
    search: async (kind, words, limit) => (await ask({ kind: 'search', question: { kind, words, limit } })) as number[],
    rows: (text, parameters, method) => ask({ kind: 'rows', text, parameters, method }),
    close: async () => {
      isClosed = true;
      const ending = thread;
      if (!ending) return;
      abandon(ending, new Error('The database is closed.'));
      await end(ending);
    },
  };
}
