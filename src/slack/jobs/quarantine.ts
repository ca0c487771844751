import { MINUTE } from '#clock.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import type { Wish } from '#jobs/queue.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Slack } from '../slack.ts';
import { tellAdmins } from '../tell.ts';

export function quarantineWish(desk: Desk): Wish {
  return { kind: 'slack.quarantine', key: 'quarantine', payload: {}, runAt: desk.clock.now() };
}

/** Mail waits for a person to judge: admins hear of it once a day, and see all of it in Home. */
export function quarantineJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.quarantine',
    concurrency: 1,
    leaseSeconds: 60,
    retries: [MINUTE, 5 * MINUTE],
    isPatient: true,
    prepare: async (desk) => {
      const day = desk.clock.now().toISOString().slice(0, 10);
      await tellAdmins(desk, slack, `quarantine:${day}`, 'slack:hint.quarantine', {});
    },
  };
}
