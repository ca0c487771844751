import type { Database, Writer } from '#db/database.ts';

/** Small writes that arrive together share one commit: each gets a savepoint, and resolves when the commit is durable. */
export interface Commits {
  run<T>(label: string, work: (tx: Writer, carried: Database) => Promise<T>): Promise<T>;
}

const MAX_TOGETHER = 64;

interface Waiting {
  label: string;
  work: (tx: Writer, carried: Database) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export function groupCommits(db: Database): Commits {
  const waiting: Waiting[] = [];
  let isRunning = false;

  async function drain(): Promise<void> {
    isRunning = true;
    // One turn of the loop lets those who arrived with the first one join it.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) await together(db, waiting.splice(0, MAX_TOGETHER));
    isRunning = false;
  }

  return {
    run: <T>(label: string, work: (tx: Writer, carried: Database) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ label, work, resolve: resolve as (value: unknown) => void, reject });
        if (!isRunning) void drain();
      }),
  };
}

async function together(db: Database, batch: Waiting[]): Promise<void> {
  const settle: (() => void)[] = [];
  try {
    await db.transaction(`${batch[0]?.label ?? ''} ×${batch.length}`, async (_tx, carried) => {
      for (const one of batch) {
        try {
          const value = await carried.transaction(one.label, one.work);
          settle.push(() => one.resolve(value));
        } catch (error) {
          settle.push(() => one.reject(error));
        }
      }
    });
  } catch (error) {
    for (const one of batch) one.reject(error);
    return;
  }
  for (const tell of settle) tell();
}
