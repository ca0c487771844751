import { MailThread } from './mail-thread.ts';
import type { Task } from './mail-thread.ts';
import type { Letter, UnderstandingContext } from './understand/letter.ts';

export { UnderstandingError } from './mail-thread.ts';

export interface MailWorkers {
  /** Rejects with an `UnderstandingError` where time, memory or the thread gave out. */
  understand(raw: Uint8Array, context: UnderstandingContext): Promise<Letter>;
  /** How many threads there are now. */
  threads(): number;
  close(): Promise<void>;
}

export interface MailWorkerOptions {
  threads?: number;
  /** For an ordinary mail; big ones get five times as long. */
  timeoutMs?: number;
  memoryMb?: number;
  /** A thread without work ends after this. */
  idleMs?: number;
}

const DEFAULTS = { threads: 1, timeoutMs: 2_000, memoryMb: 256, idleMs: 30_000 };

/** Threads that understand mail. They start when the first mail comes, so a desk that gets none never pays for them. */
export function startMailWorkers(options: MailWorkerOptions = {}): MailWorkers {
  const pool = new MailPool({ ...DEFAULTS, ...options });
  return { understand: (raw, context) => pool.understand(raw, context), threads: () => pool.size, close: () => pool.close() };
}

class MailPool {
  readonly #options: Required<MailWorkerOptions>;
  readonly #queue: Task[] = [];
  readonly #threads = new Set<MailThread>();
  #isClosed = false;

  constructor(options: Required<MailWorkerOptions>) {
    this.#options = options;
  }

  understand(raw: Uint8Array, context: UnderstandingContext): Promise<Letter> {
    if (this.#isClosed) return Promise.reject(new Error('The mail workers are closed.'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ raw, context, resolve, reject });
      this.#spread();
    });
  }

  get size(): number {
    return this.#threads.size;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const task of this.#queue.splice(0)) task.reject(new Error('The mail workers were closed.'));
    await Promise.all([...this.#threads].map((thread) => thread.stop()));
    this.#threads.clear();
  }

  #spread(): void {
    if (this.#isClosed) return;
    const hasIdle = [...this.#threads].some((thread) => thread.isIdle);
    if (this.#queue.length > 0 && !hasIdle && this.#threads.size < this.#options.threads) this.#addThread();
    for (const thread of this.#threads) thread.fill();
  }

  #addThread(): void {
    const thread: MailThread = new MailThread(this.#options, {
      next: (room) => this.#take(room),
      gone: (unbegun) => {
        this.#threads.delete(thread);
        this.#queue.unshift(...unbegun);
        this.#spread();
      },
    });
    this.#threads.add(thread);
  }

  /** One thread must not take all the mails ahead while another has none. */
  #take(room: number): Task[] {
    const share = Math.max(1, Math.ceil(this.#queue.length / this.#options.threads));
    return this.#queue.splice(0, Math.min(room, share));
  }
}
