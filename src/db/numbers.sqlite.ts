import Connection from 'better-sqlite3';
import { BUSY_MILLISECONDS } from './options.ts';

export function skipNumbers(file: string, gapOf: (last: number) => number): void {
  const connection = new Connection(file, { fileMustExist: true, timeout: BUSY_MILLISECONDS });
  try {
    const rows = connection.prepare('select name, seq from sqlite_sequence').all() as { name: string; seq: number }[];
    const move = connection.prepare('update sqlite_sequence set seq = ? where name = ?');
    connection.transaction(() => {
      for (const { name, seq } of rows) move.run(seq + gapOf(seq), name);
    })();
  } finally {
    connection.close();
  }
}
