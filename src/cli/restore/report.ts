import type { Output } from '../output.ts';
import type { Manifest } from '../backup/manifest.ts';
import { tableOf } from '../table.ts';
import type { Parked } from './park.ts';

interface Restored {
  folder: string;
  manifest: Manifest;
  parked: Parked;
  /** Where the old things are now. */
  aside: string[];
}

const MAX_ROWS = 100;

/** What is back, what waits for a person, and what nobody can know. */
export function reportRestore(out: Output, { folder, manifest, parked, aside }: Restored): void {
  const { deliveries, holds, dropped } = parked;
  if (out.isJson) {
    out(JSON.stringify({ restored: true, folder, at: manifest.at, counts: manifest.counts, parked: deliveries, holds, dropped, aside }));
    return;
  }
  out(`Restored the backup of ${manifest.at.toISOString()}.`);
  for (const path of aside) out(`  moved aside: ${path}`);
  out(`Waiting for a person, because it may have left already: ${deliveries.length} deliveries, ${holds.length} held replies.`);
  const rows = [
    ...deliveries.map((one) => [one.ticket, one.template, one.to.join(', '), `was ${one.state}`, one.madeAt.slice(0, 16)]),
    ...holds.map((one) => [one.ticket, 'held reply', '', 'was held', one.madeAt.slice(0, 16)]),
  ];
  if (rows.length > 0)
    for (const line of tableOf([['ticket', 'what', 'to', 'state', 'made'], ...rows.slice(0, MAX_ROWS)])) out(`  ${line}`);
  if (rows.length > MAX_ROWS) out(`  … and ${rows.length - MAX_ROWS} more; --json lists all.`);
  const kinds = Object.entries(dropped).map(([kind, count]) => `${count} ${kind}`);
  if (kinds.length > 0) out(`Dropped, so that nothing is done twice: ${kinds.join(', ')}.`);
  out('Between the backup and now: mail taken by SMTP or a pipe is lost unless its server still has it; mail in a mailbox is read again;');
  out(
    'cards and lines Slack has from that time belong to no ticket. Ticket numbers go on after a gap. Admins are told in Slack at the next start.',
  );
  out('Next: tiketti doctor, then start the server.');
}
