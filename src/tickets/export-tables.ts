import type { TableName } from './erase-tables.ts';

type Share = 'told' | 'tickets' | 'person' | 'address' | 'threads' | 'work' | 'nothing';

/**
 * What an export gives of each table. A new one does not compile until somebody has decided:
 * `told` – by a part of the export of its own · `tickets` – rows of their tickets, and of other people's those that point
 * at them · `person` – rows that point at them · `address` – rows with an address of theirs · `threads` – what Slack sent of
 * their tickets' threads, and of what they wrote · `work` – what is still to be done about their tickets ·
 * `nothing` – holds nothing about anybody, or what admins wrote for all.
 */
export const SHARES: Record<TableName, Share> = {
  settings: 'nothing',
  counters: 'nothing',
  leases: 'nothing',
  organizations: 'told',
  organizationDomains: 'nothing',
  people: 'told',
  identities: 'told',
  groups: 'told',
  groupMembers: 'person',
  mailboxes: 'nothing',
  addresses: 'nothing',
  tickets: 'told',
  ticketPeople: 'tickets',
  ticketLinks: 'nothing',
  files: 'told',
  comments: 'told',
  commentFiles: 'told',
  mails: 'told',
  messageIds: 'tickets',
  notices: 'tickets',
  sideConversations: 'told',
  sideMessages: 'told',
  deliveries: 'told',
  deliveryRecipients: 'told',
  automaticMails: 'address',
  holds: 'told',
  threadMessages: 'tickets',
  slackThreads: 'tickets',
  slackPosts: 'tickets',
  slackUsers: 'told',
  inbox: 'threads',
  events: 'told',
  jobs: 'work',
  rules: 'nothing',
  ruleVersions: 'nothing',
  firings: 'tickets',
  audit: 'told',
};

export function tablesShared(share: Share): TableName[] {
  return (Object.keys(SHARES) as TableName[]).filter((name) => SHARES[name] === share);
}
