import { parentPort, workerData } from 'node:worker_threads';
import Connection from 'better-sqlite3';

const connection = new Connection(String(workerData.file), { readonly: true, fileMustExist: true });
try {
  const found = connection.pragma('quick_check(20)') as { quick_check: string }[];
  parentPort?.postMessage(
    found.map((row) => row.quick_check).filter((words) => words !== 'ok'),
    [],
  );
} catch (error) {
  parentPort?.postMessage([(error as Error).message], []);
} finally {
  connection.close();
}
