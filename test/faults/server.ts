import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Playground, startPlayground } from '../../playground/workspace.ts';
import { freshSqliteUrl, openTest } from '../support/databases.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { spawnCommand } from './command.ts';
import type { Database } from '#db/database.ts';

/** `tiketti start` as an operator runs it, with everything around it that outlives it. */
export interface Server {
  playground: Playground;
  sink: Sink;
  /** What the server wrote is read beside it. */
  db: Database;
  lines: string[];
  mailPort(): number;
  webPort(): number;
  start(limits?: { maxFileKilobytes?: number }): Promise<void>;
  isRunning(): boolean;
  /** Asks it to end, and answers with its exit code. */
  stop(): Promise<number | null>;
  close(): Promise<void>;
}

const OPEN_MS = 45_000;

export async function prepareServer(environment: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-server-'));
  const playground = await startPlayground({ manifest: 'manifest.yml', rateScale: 0 });
  playground.addPerson({ name: 'anna', realName: 'Anna Aalto', email: 'anna@pohjola.test', isOwner: true, isAdmin: true });
  playground.addChannel({ name: 'support', members: ['anna', 'bot'] });
  const sink = await startSink();
  const url = await freshSqliteUrl();
  const settings = {
    DATABASE_URL: url,
    FILES_URL: `file:${join(folder, 'files')}`,
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_APP_TOKEN: playground.appToken,
    SLACK_API_URL: playground.apiUrl,
    MAIL_SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    MAIL_FROM: 'Pohjola Support <support@pohjola.test>',
    MAIL_LISTEN: '127.0.0.1:0',
    PORT: '0',
    TIKETTI_SECRET: 'a'.repeat(64),
    ...environment,
  };
  const lines: string[] = [];
  const db = await openTest(url);
  let child: ReturnType<typeof spawnCommand> | undefined;
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    if (!child || !isRunning()) return child?.exitCode ?? null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill('SIGTERM');
    return (await ended)[0];
  };
  const portOf = (door: string) =>
    Number(new RegExp(`"${door}":(\\d+)`).exec(lines.findLast((line) => line.includes('Tiketti is open')) ?? '')?.[1]);
  return {
    playground,
    sink,
    db,
    lines,
    isRunning,
    stop,
    mailPort: () => portOf('mail'),
    webPort: () => portOf('web'),
    async start(limits = {}) {
      lines.length = 0;
      const begun = spawnCommand(['start'], { environment: settings, ...limits });
      child = begun;
      await opened(begun, lines);
    },
    async close() {
      await stop();
      await db.close();
      await sink.stop();
      await playground.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function opened(child: ReturnType<typeof spawnCommand>, lines: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`The server did not open:\n${lines.slice(-15).join('\n')}`));
    const timer = setTimeout(fail, OPEN_MS);
    child.once('exit', fail);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (!line.includes('Tiketti is open')) return;
        clearTimeout(timer);
        resolve();
      });
  });
}
