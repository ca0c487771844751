import type { JobKind } from '#jobs/job-kind.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Doors } from '../doors.ts';
import { eventJob } from '../inbox.ts';
import { releaseJob } from '../replies/release.ts';
import { stuckJob } from '../replies/stuck.ts';
import { repairJob } from '../repair.ts';
import type { Slack } from '../slack.ts';
import { tellJob } from '../tell.ts';
import { alarmJob } from './alarm.ts';
import { cardJob, openCardJob } from './card.ts';
import { channelJob } from './channel.ts';
import { commentJob } from './comment.ts';
import { deliverSlackFilesJob, deliverSlackJob } from './deliver.ts';
import { eraseJob } from './erase.ts';
import { homeJob } from './home.ts';
import { lineJob } from './line.ts';
import { mailboxJob } from './mailbox.ts';
import { quarantineJob } from './quarantine.ts';
import { sideJob, sideLineJob } from './side.ts';

/** Everything that is done for Slack from rows. */
export function slackJobs(slack: Slack, doors: Doors): JobKind<Desk>[] {
  const makers = [
    openCardJob,
    cardJob,
    channelJob,
    commentJob,
    lineJob,
    releaseJob,
    deliverSlackJob,
    deliverSlackFilesJob,
    sideJob,
    sideLineJob,
    alarmJob,
    tellJob,
    homeJob,
    eraseJob,
    repairJob,
    quarantineJob,
    mailboxJob,
  ];
  return [eventJob(slack, doors), stuckJob, ...makers.map((make) => make(slack))];
}
