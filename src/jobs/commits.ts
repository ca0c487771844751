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
    while (waiting.length > 0) await together(db, waiting);
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

async function together(db: Database, waiting: Waiting[]): Promise<void> {
  const batch: Waiting[] = [];
  const settle: (() => void)[] = [];
  try {
    await db.transaction(`${waiting[0]?.label ?? ''} and others`, async (_tx, carried) => {
      // Only now: others may have come while the writer was busy.
      batch.push(...waiting.splice(0, MAX_TOGETHER));
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
    const failed = batch.length > 0 ? batch : waiting.splice(0, MAX_TOGETHER);
    for (const one of failed) one.reject(error);
    return;
  }
  for (const tell of settle) tell();
}
