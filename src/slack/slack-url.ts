/** Slack's own hosts; a file of any other is somebody else's. */
const HOSTS = ['slack.com', 'slack-files.com', 'slack-gov.com'];

/** Whether an address is Slack's, or that of the configured API. Only there may the token go. */
export function isSlackUrl(url: string, apiUrl?: string): boolean {
  if (!URL.canParse(url)) return false;
  const target = new URL(url);
  if (apiUrl !== undefined && URL.canParse(apiUrl) && new URL(apiUrl).origin === target.origin) return true;
  return target.protocol === 'https:' && HOSTS.some((host) => target.hostname === host || target.hostname.endsWith(`.${host}`));
}
