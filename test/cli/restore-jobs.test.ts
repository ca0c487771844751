import { expect, test } from 'vitest';
import type { Slack } from '#slack/slack.ts';
import type { Doors } from '#slack/doors.ts';
import { slackJobs } from '#slack/jobs/index.ts';
import { AFTER_RESTORE } from '../../src/cli/restore/jobs.ts';
import { timerJobs } from '../../src/main/timers.ts';

const MAIL = ['mail.process', 'deliver.mail', 'mail.sent-copy'];

test('it is decided of every kind of job what becomes of it after a restore', () => {
  const kinds = [...MAIL, ...timerJobs, ...slackJobs({} as Slack, {} as Doors)].map((job) => (typeof job === 'string' ? job : job.kind));
  expect(kinds.filter((kind) => !(kind in AFTER_RESTORE))).toEqual([]);
});
