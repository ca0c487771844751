import { MailThread } from './mail-thread.ts';
import type { Task } from './mail-thread.ts';
import type { Letter, UnderstandingContext } from './understand/letter.ts';

export { UnderstandingError } from './mail-thread.ts';

export interface MailWorkers {
  /** Rejects with an `UnderstandingError` where time, memory or the thread gave out. */
  understand(raw: Uint8Array, context: UnderstandingContext): Promise<Letter>;
  close(): Promise<void>;
}

export interface MailWorkerOptions {
  threads?: number;
  /** For an ordinary mail; big ones get five times as long. */
  timeoutMs?: number;
  memoryMb?: number;
}

const DEFAULTS = { threads: 1, timeoutMs: 2_000, memoryMb: 256 };

/** Threads that understand mail. They start when the first mail comes, so a desk that gets none never pays for them. */
export function startMailWorkers(options: MailWorkerOptions = {}): MailWorkers {
  const limits = { ...DEFAULTS, ...options };
  const queue: Task[] = [];
  const threads = new Set<MailThread>();
  let isClosed = false;

  const addThread = (): void => {
    const thread: MailThread = new MailThread(limits, {
      next: (room) => queue.splice(0, fairShare(room, queue.length, limits.threads)),
      gone: (unbegun) => {
        threads.delete(thread);
        queue.unshift(...unbegun);
        spread();
      },
    });
    threads.add(thread);
  };

  const spread = (): void => {
    if (isClosed) return;
    const hasIdle = [...threads].some((thread) => thread.isIdle);
    if (queue.length > 0 && !hasIdle && threads.size < limits.threads) addThread();
    for (const thread of threads) thread.fill();
  };

  return {
    understand: (raw, context) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new Error('The mail workers are closed.'));
        queue.push({ raw, context, resolve, reject });
        spread();
      }),
    close: async () => {
      isClosed = true;
      const unbegun = queue.splice(0);
      for (const task of unbegun) task.reject(new Error('The mail workers were closed.'));
      await Promise.all([...threads].map((thread) => thread.stop()));
      threads.clear();
    },
  };
}

/** One thread must not take all the mails ahead while another has none. */
function fairShare(room: number, waiting: number, threads: number): number {
  return Math.min(room, Math.max(1, Math.ceil(waiting / threads)));
}
