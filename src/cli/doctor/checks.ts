import type { Check } from './check.ts';
import { clock } from './clock.ts';
import { configuration } from './configuration.ts';
import { database } from './database.ts';
import { databaseWritable } from './database-writable.ts';
import { disk } from './disk.ts';
import { files } from './files.ts';
import { imap } from './imap.ts';
import { integrity } from './integrity.ts';
import { mailboxes } from './mailboxes.ts';
import { secret } from './secret.ts';
import { slack } from './slack.ts';
import { smtp } from './smtp.ts';
import { templates } from './templates.ts';
import { timeZone } from './time-zone.ts';
import { versions } from './versions.ts';
import { web } from './web.ts';

/** Every check of `tiketti doctor`, in the order of its table. */
export const CHECKS: readonly Check[] = [
  versions,
  configuration,
  secret,
  database,
  databaseWritable,
  integrity,
  disk,
  files,
  slack,
  clock,
  smtp,
  imap,
  mailboxes,
  templates,
  timeZone,
  web,
];
