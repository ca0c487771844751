import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, Job, Task } from './reader-task.ts';
import { searchSqlite } from './search.sqlite.ts';
import { connectReader } from './sqlite-connection.ts';
import { storable } from './storable.ts';

// Long questions of people and reports, away from the main thread: SQLite answers synchronously.
const connection = connectReader(String(workerData.file));

parentPort?.on('message', (job: Job | null) => {
  if (job === null) {
    connection.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(answer(job.id, job.task), []);
});

function answer(id: number, task: Task): Answer {
  try {
    return { id, rows: task.kind === 'search' ? search(task) : rows(task) };
  } catch (error) {
    const { message, code = '' } = error as Error & { code?: string };
    return { id, failure: { message, code } };
  }
}

function search({ question }: Task & { kind: 'search' }): number[] {
  const ask = <T>(text: string, ...parameters: unknown[]) => connection.prepare(text).all(...parameters) as T[];
  return searchSqlite(ask, question);
}

function rows({ text, method, ...task }: Task & { kind: 'rows' }): unknown {
  const parameters = task.parameters.map(storable);
  const statement = connection.prepare(text);
  if (!statement.reader) return statement.run(...parameters);
  statement.raw(true);
  return method === 'get' ? statement.get(...parameters) : statement.all(...parameters);
}
