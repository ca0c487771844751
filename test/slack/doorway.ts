import { groupCommits } from '#jobs/commits.ts';
import { createSlackApp, type SlackApp } from '#slack/app.ts';
import type { Doors } from '#slack/doors.ts';
import { type Playground, type SettableClock, settableClock, startPlayground } from '../../playground/workspace.ts';
import { freshSqliteUrl, openTest } from '../support/databases.ts';
import { testDesk, type TestDesk } from '../support/desk.ts';

/** Real Bolt between the pretend workspace and doors of the test's own: what every door can rely on. */
export interface Doorway {
  desk: TestDesk;
  app: SlackApp;
  playground: Playground;
  slackClock: SettableClock;
  support: string;
  databaseUrl: string;
  /** Posts a button and clicks it. */
  click(actionId: string): Promise<{ isAcked: boolean }>;
  /** Opens this view for anna, as the app would. */
  show(view: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

const NONE: Doors = { commands: {}, instant: async () => false, actions: {}, options: {}, modals: {}, shortcuts: {}, events: {} };

/** Slack's clock and the desk's stand still until they are moved. */
export async function openDoorway(doors: Partial<Doors>, before: (playground: Playground) => void = () => {}): Promise<Doorway> {
  const slackClock = settableClock();
  const playground = await startPlayground({ manifest: 'manifest.yml', rateScale: 0, clock: slackClock });
  playground.addPerson({ name: 'anna', realName: 'Anna Aalto', email: 'anna@pohjola.test', locale: 'en-US' });
  playground.addChannel({ name: 'support', members: ['anna', 'bot'] });
  const databaseUrl = await freshSqliteUrl();
  const desk = await testDesk(await openTest(databaseUrl));
  const app = await createSlackApp(desk, {
    botToken: playground.botToken,
    appToken: playground.appToken,
    apiUrl: playground.apiUrl,
    node: 'server',
    commits: groupCommits(desk.db),
  });
  before(playground);
  await app.open({ ...NONE, ...doors });
  const support = Object.values(playground.state.channels).find((channel) => channel.name === 'support')?.id ?? '';
  return {
    desk,
    app,
    playground,
    slackClock,
    support,
    databaseUrl,
    async click(actionId) {
      const button = { type: 'button', action_id: actionId, text: { type: 'plain_text', text: 'Do it' }, value: 'it' };
      const { ts } = await app.slack.lanes.call<{ ts: string }>('answer', 'chat.postMessage', {
        channel: support,
        text: 'Click',
        blocks: [{ type: 'actions', elements: [button] }],
      });
      return playground.click({ as: 'anna', channel: 'support', ts, actionId });
    },
    async show(view) {
      // Any click gives a trigger.
      const { triggerId } = await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'help' });
      await app.slack.lanes.call('answer', 'views.open', { trigger_id: triggerId, view });
    },
    async close() {
      await app.close();
      await desk.db.close();
      await playground.stop();
    },
  };
}
