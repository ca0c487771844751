import { Worker } from 'node:worker_threads';

/** What SQLite finds wrong with a file; in a thread, for it reads all of it. */
export function quickCheck(file: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./quick-check-thread.ts', import.meta.url), { workerData: { file } });
    // Whoever waits no longer must not be kept.
    worker.unref();
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
