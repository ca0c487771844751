import { MINUTE } from '#clock.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { closeOldSolved } from '#tickets/close.ts';
import type { Desk } from '#tickets/desk.ts';
import { removeBytesJob } from '#tickets/erase-files.ts';
import { markLate } from '#tickets/late.ts';
import { purgeExpired } from '#tickets/purge.ts';

const once = { concurrency: 1, leaseSeconds: 300, retries: [MINUTE] };

/** What each timer of `jobs/schedule` does, and what it leaves to be done. */
export const timerJobs: JobKind<Desk>[] = [
  removeBytesJob,
  { kind: 'timer.close', ...once, prepare: (desk) => closeOldSolved(desk) },
  { kind: 'timer.late', ...once, prepare: (desk) => markLate(desk) },
  { kind: 'timer.purge', ...once, prepare: (desk) => purgeExpired(desk) },
];
