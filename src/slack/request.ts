/** What Slack posts: events as JSON, clicks and forms as JSON in a form, commands as a form. */
export type ReadRequest =
  | { kind: 'challenge'; challenge: string }
  | { kind: 'event'; body: Record<string, unknown> }
  /** Something a person did: a click, a form, a command, a list asked for. */
  | { kind: 'act'; body: Record<string, unknown> }
  /** Told to nobody in particular, such as `app_rate_limited`. */
  | { kind: 'notice'; type: string }
  | { kind: 'nonsense' };

const NONSENSE: ReadRequest = { kind: 'nonsense' };

export function readRequest({ contentType, body }: { contentType: string; body: Uint8Array }): ReadRequest {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  if (contentType.startsWith('application/x-www-form-urlencoded')) return readForm(new URLSearchParams(text));
  const read = objectIn(text);
  if (!read) return NONSENSE;
  if (read['type'] === 'url_verification') return { kind: 'challenge', challenge: String(read['challenge']) };
  return read['type'] === 'event_callback' ? { kind: 'event', body: read } : { kind: 'notice', type: String(read['type']).slice(0, 100) };
}

function readForm(form: URLSearchParams): ReadRequest {
  // Slack looks now and then whether our certificate holds.
  if (form.get('ssl_check') === '1') return { kind: 'challenge', challenge: '' };
  const payload = form.get('payload');
  if (payload === null) return form.has('command') ? { kind: 'act', body: Object.fromEntries(form) } : NONSENSE;
  const body = objectIn(payload);
  return body ? { kind: 'act', body } : NONSENSE;
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
