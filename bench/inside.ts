import Connection from 'better-sqlite3';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into the server beside its own code (`--import`): counts commits, and tells of processor time, memory and the
 * event loop when asked. The server itself is the one that ships.
 */
let commits = 0;
let delay: ReturnType<typeof monitorEventLoopDelay> | undefined;

const { prepare } = Connection.prototype;
Connection.prototype.prepare = function counted(this: Connection.Database, text: string) {
  const statement = prepare.call(this, text) as Connection.Statement<unknown[]>;
  if (text !== 'commit') return statement;
  const run = statement.run.bind(statement);
  return Object.assign(statement, {
    run: (...parameters: unknown[]) => {
      commits += 1;
      return run(...parameters);
    },
  });
} as typeof prepare;

const NANOSECONDS = 1_000_000;

process.on('message', ({ id, name }: { id: number; name: string }) => {
  if (name === 'begin') {
    delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
  }
  const { user, system } = process.cpuUsage();
  process.send?.({
    id,
    value: {
      commits,
      cpuMs: (user + system) / 1_000,
      residentBytes: process.memoryUsage.rss(),
      loopP99Ms: delay ? delay.percentile(99) / NANOSECONDS : null,
      loopMaxMs: delay ? delay.max / NANOSECONDS : null,
    },
  });
});
// Our parent's channel must not keep the server from ending.
process.channel?.unref();
