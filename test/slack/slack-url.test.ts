import { expect, test } from 'vitest';
import { isSlackUrl } from '#slack/slack-url.ts';

test.each(['https://files.slack.com/files-pri/T1-F1/download/a.txt', 'https://slack.com/api/', 'https://files.slack-gov.com/x'])(
  'the token may go to %s',
  (url) => {
    expect(isSlackUrl(url)).toBe(true);
  },
);

test.each([
  'https://docs.google.com/document/d/1',
  'http://files.slack.com/x',
  'https://slack.com.evil.test/x',
  'https://evilslack.com/x',
  'file:///etc/passwd',
  '',
])('the token never goes to "%s"', (url) => {
  expect(isSlackUrl(url)).toBe(false);
});

test('the configured API is Slack too, at its own port only', () => {
  expect(isSlackUrl('http://127.0.0.1:4000/files-pri/F1', 'http://127.0.0.1:4000/api/')).toBe(true);
  expect(isSlackUrl('http://127.0.0.1:4001/files-pri/F1', 'http://127.0.0.1:4000/api/')).toBe(false);
});
