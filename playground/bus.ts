export interface Change {
  kind: string;
  [detail: string]: unknown;
}

type Listener = (change: Change) => void;

const DEFAULT_DEADLINE_MILLISECONDS = 5_000;

/** Who is told of changes, and who waits for one. */
export class Bus {
  readonly #listeners = new Set<Listener>();
  readonly #waiting = new Set<() => void>();
  readonly #explain: () => string;

  constructor(explain: () => string) {
    this.#explain = explain;
  }

  changed(kind: string, detail: Record<string, unknown> = {}): void {
    for (const listener of this.#listeners) listener({ kind, ...detail });
  }

  /** Answers a function that ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the first truthy answer; asked now and after every change. */
  until<T>(question: () => T | undefined | null | false, deadlineMilliseconds: number = DEFAULT_DEADLINE_MILLISECONDS): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        forget();
        clearTimeout(deadline);
        this.#waiting.delete(giveUp);
      };
      const ask = (): void => {
        try {
          const answer = question();
          if (!answer) return;
          end();
          resolve(answer);
        } catch (error) {
          end();
          reject(error);
        }
      };
      const giveUp = (): void => {
        end();
        reject(new Error(`The playground waited ${deadlineMilliseconds} ms in vain. ${this.#explain()}`));
      };
      const forget = this.listen(ask);
      const deadline = setTimeout(giveUp, deadlineMilliseconds);
      this.#waiting.add(giveUp);
      ask();
    });
  }

  stop(): void {
    for (const giveUp of this.#waiting) giveUp();
    this.#listeners.clear();
  }
}
