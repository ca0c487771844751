import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Who answers what Slack posts; it takes the body as it came, for that is what was signed. */
export interface SlackDoor {
  answer(request: Posted): Promise<{ status: number; body?: unknown }>;
}

interface Posted {
  body: Uint8Array;
  contentType: string;
  timestamp: string | null;
  signature: string | null;
  retryNum: string | null;
  retryReason: string | null;
}

export async function postedBySlack(c: Context, door: SlackDoor): Promise<Response> {
  const header = (name: string) => c.req.header(name) ?? null;
  const { status, body } = await door.answer({
    body: new Uint8Array(await c.req.arrayBuffer()),
    contentType: header('content-type') ?? '',
    timestamp: header('x-slack-request-timestamp'),
    signature: header('x-slack-signature'),
    retryNum: header('x-slack-retry-num'),
    retryReason: header('x-slack-retry-reason'),
  });
  const code = status as ContentfulStatusCode;
  if (body === undefined || body === null) return c.body('', code);
  return typeof body === 'string' ? c.text(body, code) : c.json(body, code);
}
