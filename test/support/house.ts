import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#clock.ts';
import { readConfig } from '#config.ts';
import { createLog } from '#log.ts';
import { type House, openHouse } from '../../src/main.ts';
import { type Playground, startPlayground } from '../../playground/workspace.ts';
import { type Sink, startSink } from './sink.ts';

export interface TestHouse extends House {
  playground: Playground;
  sink: Sink;
  lines: string[];
  /** Everything due is done, in the house and in what it told Slack. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestHouseOptions {
  environment?: Record<string, string>;
  databaseUrl?: string;
  /** Another than ours, as text. */
  manifest?: string;
  /** More of the workspace, before the house sees it. */
  furnish?: (playground: Playground) => void;
  clock?: Clock;
  /** Slack posts to the house instead of being connected to. */
  isHttp?: boolean;
}

export const OUR_ADDRESS = 'support@pohjola.test';

/** The whole house on a fresh database, against the pretend workspace, with a real mail sink. */
export async function startTestHouse(options: TestHouseOptions = {}): Promise<TestHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-'));
  const playground = await startPlayground({ manifest: options.manifest ?? 'manifest.yml', rateScale: 0 });
  playground.addPerson({ name: 'anna', realName: 'Anna Aalto', email: 'anna@pohjola.test', locale: 'fi-FI', isOwner: true, isAdmin: true });
  playground.addPerson({ name: 'ben', realName: 'Ben Brown', email: 'ben@pohjola.test', locale: 'en-US' });
  playground.addPerson({ name: 'mikko', realName: 'Mikko Mäki', email: 'mikko@pohjola.test', locale: 'fi-FI' });
  playground.addChannel({ name: 'support', members: ['anna', 'ben', 'mikko', 'bot'] });
  playground.addChannel({ name: 'dev', members: ['anna', 'ben', 'bot'] });
  options.furnish?.(playground);
  const sink = await startSink();
  const lines: string[] = [];
  const config = readConfig({
    DATABASE_URL: options.databaseUrl ?? `file:${join(folder, 'tiketti.db')}`,
    FILES_URL: `file:${join(folder, 'files')}`,
    SLACK_BOT_TOKEN: playground.botToken,
    ...(options.isHttp ? { SLACK_SIGNING_SECRET: playground.signingSecret } : { SLACK_APP_TOKEN: playground.appToken }),
    SLACK_API_URL: playground.apiUrl,
    MAIL_SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    MAIL_FROM: `Pohjola Support <${OUR_ADDRESS}>`,
    MAIL_LISTEN: '127.0.0.1:0',
    PORT: '0',
    TIKETTI_HOLD_SECONDS: '0',
    TIKETTI_SECRET: 'a'.repeat(64),
    ...options.environment,
  });
  const log = createLog({ level: 'debug', secret: 'x', plainAddresses: true, write: (line) => void lines.push(line) });
  const house = await openHouse(config, { log, ...(options.clock ? { clock: options.clock } : {}) });
  await playground.until(() => lines.some((line) => line.includes('Tiketti is open')));
  if (options.isHttp) await playground.deliverTo(`http://127.0.0.1:${house.webPort}/slack/events`);
  return {
    ...house,
    playground,
    sink,
    lines,
    quiet: () => house.worker.settled(),
    async stop() {
      await house.close();
      await sink.stop();
      await playground.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
