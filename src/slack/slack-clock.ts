const SLACK = 'https://slack.com/api/';
const LIMIT_MS = 8_000;

/** The time Slack's servers have; null when they can't be asked or don't say. */
export async function clockOfSlack(apiUrl = SLACK): Promise<Date | null> {
  try {
    const response = await fetch(new URL('api.test', apiUrl), { method: 'POST', signal: AbortSignal.timeout(LIMIT_MS) });
    const date = new Date(response.headers.get('date') ?? '');
    return Number.isNaN(date.getTime()) ? null : date;
  } catch {
    return null;
  }
}
