import { App, LogLevel, type Logger, SocketModeReceiver } from '@slack/bolt';
import type { Playground } from '../../workspace.ts';

/** A real Bolt app, connected to the playground over Socket Mode. */
export async function connectBolt(
  playground: Playground,
  prepare: (app: App) => unknown,
  connections = 1,
): Promise<{ app: App; stop: () => Promise<void> }> {
  const retryConfig = { retries: 2, minTimeout: 5, maxTimeout: 20 };
  const clientOptions = { slackApiUrl: playground.apiUrl, retryConfig, rejectRateLimitedCalls: true, logger: silent };
  const receiver = new SocketModeReceiver({
    appToken: playground.appToken,
    clientPingTimeout: 300,
    logger: silent,
    installerOptions: { clientOptions: { ...clientOptions } },
  });
  const app = new App({ token: playground.botToken, receiver, clientOptions, convoStore: false, logger: silent });
  prepare(app);
  await app.start();
  await playground.until(() => playground.sockets.count() === connections);
  return {
    app,
    async stop() {
      await app.stop();
      await playground.until(() => playground.sockets.count() === 0);
    },
  };
}

const quiet = (): void => undefined;

/** These tests break connections on purpose. */
const silent: Logger = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  setLevel: quiet,
  getLevel: () => LogLevel.ERROR,
  setName: quiet,
};
