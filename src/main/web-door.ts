import type { Config } from '#config.ts';
import type { SlackApp } from '#slack/app.ts';
import type { Desk } from '#tickets/desk.ts';
import { createWebApp } from '#web/app.ts';
import { databaseCheck, mailboxesCheck, migrationsCheck } from '#web/checks.ts';
import { createMetrics } from '#web/metrics.ts';
import { type Check, createReadiness } from '#web/ready.ts';

interface Behind {
  config: Config;
  app: SlackApp;
}

/** What the web server answers, of all the rooms it may not know by itself. */
export function createWebDoor(desk: Desk, { config, app }: Behind) {
  const slack: Check = { name: 'slack', ask: async () => (app.connection.isConnected() ? null : 'Slack is not connected.') };
  const readiness = createReadiness(desk.log, [databaseCheck(desk), migrationsCheck(config.DATABASE_URL), slack, mailboxesCheck(desk)]);
  const { lanes } = app.slack;
  const isConnected = () => app.connection.isConnected();
  const metrics = createMetrics(desk, { isConnected, depth: () => lanes.depth(), calls: () => lanes.calls() });
  return { readiness, metrics, webApp: createWebApp(desk.log, { readiness, metrics, slack: app.http }) };
}
