import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { Log } from '#log.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './ready.ts';
import { postedBySlack, type SlackDoor } from './slack.ts';

export interface WebDoors {
  readiness: Readiness;
  metrics: Pick<Metrics, 'contentType' | 'text'>;
  /** Null in Socket Mode. */
  slack: SlackDoor | null;
}

/** A form of Slack's with everything typed in it stays well below. */
const MAX_BODY_BYTES = 1024 * 1024;

/** What the house answers over HTTP. Whoever asks for anything else learns nothing of who answers. */
export function createWebApp(log: Log, doors: WebDoors): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.text('Too large\n', 413, { Connection: 'close' }) }));
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  app.get('/healthz', (c) => c.text('alive\n'));
  app.get('/readyz', async (c) => {
    const report = await doors.readiness.look();
    return c.json(report, report.ready ? 200 : 503);
  });
  app.get('/metrics', async (c) => c.body(await doors.metrics.text(), 200, { 'Content-Type': doors.metrics.contentType }));
  const { slack } = doors;
  if (slack) app.post('/slack/events', (c) => postedBySlack(c, slack));
  app.notFound((c) => c.text('Not found\n', 404));
  app.onError((error, c) => {
    log.error({ path: c.req.path, error }, 'A web request failed.');
    return c.text('Something went wrong\n', 500);
  });
  return app;
}
