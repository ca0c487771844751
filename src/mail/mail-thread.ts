import { Worker } from 'node:worker_threads';
import type { Letter, UnderstandingContext } from './understand/letter.ts';
import type { Answer, Job } from './worker-protocol.ts';

/** A mail that could not be understood within its bounds. It stays stored; a person may look at it. */
export class UnderstandingError extends Error {
  readonly reason: 'timeout' | 'memory' | 'crash';

  constructor(reason: 'timeout' | 'memory' | 'crash', cause?: unknown) {
    super(`The mail could not be understood: ${reason}`, { cause });
    this.name = 'UnderstandingError';
    this.reason = reason;
  }
}

export interface Task {
  raw: Uint8Array;
  context: UnderstandingContext;
  resolve: (letter: Letter) => void;
  reject: (error: Error) => void;
}

export interface ThreadLimits {
  timeoutMs: number;
  /** So long without a mail, and the thread ends until the next one comes. */
  idleMs: number;
  memoryMb: number;
}

export interface ThreadOwner {
  /** The next tasks, when the thread has room for more. */
  next: (room: number) => Task[];
  /** The thread is gone; these tasks had not begun. */
  gone: (unbegun: Task[]) => void;
}

const MAX_IN_FLIGHT = 8;
const START_TIMEOUT_MS = 30_000;
const BIG_MAIL_BYTES = 512 * 1024;
const BIG_MAIL_FACTOR = 5;
const YOUNG_GENERATION_MB = 16;

/** One worker thread: given a few mails ahead so that it never waits, watched so that it never hangs. */
export class MailThread {
  readonly #worker: Worker;
  readonly #limits: ThreadLimits;
  readonly #owner: ThreadOwner;
  /** In order of work; the first is being worked on. */
  readonly #tasks = new Map<number, Task>();
  #nextId = 1;
  #isReady = false;
  #isGone = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(limits: ThreadLimits, owner: ThreadOwner) {
    this.#limits = limits;
    this.#owner = owner;
    this.#worker = new Worker(new URL('./worker-thread.ts', import.meta.url), {
      name: 'mail',
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: Math.min(YOUNG_GENERATION_MB, limits.memoryMb) },
    });
    this.#worker.on('message', (answer: Answer) => this.#hear(answer));
    this.#worker.on('error', (cause) => this.#fail(isOutOfMemory(cause) ? 'memory' : 'crash', cause));
    this.#worker.on('exit', () => this.#fail('crash'));
    this.#watch();
  }

  get isIdle(): boolean {
    return this.#tasks.size === 0;
  }

  /** Takes what there is room for. */
  fill(): void {
    if (this.#isGone) return;
    const room = MAX_IN_FLIGHT - this.#tasks.size;
    const tasks = room > 0 ? this.#owner.next(room) : [];
    if (tasks.length === 0) return;
    const wasIdle = this.isIdle;
    const jobs = tasks.map((task) => this.#job(task));
    this.#worker.postMessage(
      jobs,
      jobs.map((job) => job.raw.buffer),
    );
    this.#worker.ref();
    if (wasIdle && this.#isReady) this.#watch();
  }

  async stop(): Promise<void> {
    this.#isGone = true;
    this.#unwatch();
    for (const task of this.#tasks.values()) task.reject(new Error('The mail workers were closed.'));
    await this.#worker.terminate();
  }

  #job(task: Task): Job {
    const id = this.#nextId++;
    this.#tasks.set(id, task);
    // A copy, because the buffer is given away and callers often hold a slice of a shared one.
    return { id, raw: new Uint8Array(task.raw), context: task.context };
  }

  #hear(answer: Answer): void {
    if (answer.type === 'ready') this.#isReady = true;
    else this.#settle(answer);
    this.#watch();
    this.fill();
    if (this.isIdle && this.#isReady) this.#worker.unref();
  }

  #settle(answer: Exclude<Answer, { type: 'ready' }>): void {
    const task = this.#tasks.get(answer.id);
    this.#tasks.delete(answer.id);
    if (answer.type === 'understood') task?.resolve(answer.letter);
    else task?.reject(new UnderstandingError('crash', new Error(answer.message)));
  }

  /** Gives the mail now being worked on its time; loading the thread's code is not counted against a mail. */
  #watch(): void {
    this.#unwatch();
    const [current] = this.#tasks.values();
    if (this.#isReady && !current) return this.#rest();
    const limit = this.#isReady && current ? this.#timeFor(current) : START_TIMEOUT_MS;
    this.#timer = setTimeout(() => this.#fail('timeout'), limit);
  }

  /** A thread nobody needs gives its memory back: after a burst it holds what the largest mails took. */
  #rest(): void {
    this.#timer = setTimeout(() => {
      if (this.#isGone || !this.isIdle) return;
      this.#isGone = true;
      void this.#worker.terminate();
      this.#owner.gone([]);
    }, this.#limits.idleMs);
    this.#timer.unref();
  }

  #unwatch(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #timeFor({ raw }: Task): number {
    return raw.length > BIG_MAIL_BYTES ? this.#limits.timeoutMs * BIG_MAIL_FACTOR : this.#limits.timeoutMs;
  }

  #fail(reason: 'timeout' | 'memory' | 'crash', cause?: unknown): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#unwatch();
    void this.#worker.terminate();
    const [current, ...unbegun] = this.#tasks.values();
    current?.reject(new UnderstandingError(reason, cause));
    this.#owner.gone(unbegun);
  }
}

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
