import { sql } from 'drizzle-orm';
import type { Document } from '../text/document.ts';
import type { Columns } from './columns.postgres.ts';
import type {
  Afterwards,
  Channel,
  DeliveryState,
  HoldState,
  Lateness,
  LanguageSource,
  MailboxAuth,
  MailSecurity,
  Policy,
  Priority,
  Role,
  Status,
  TicketType,
  Verdict,
  Visibility,
} from './words.ts';

export type Tables = ReturnType<typeof defineTables>;
export type Row<Name extends keyof Tables> = Tables[Name]['$inferSelect'];
export type NewRow<Name extends keyof Tables> = Tables[Name]['$inferInsert'];

type Json = Record<string, unknown>;
/** Why something was decided: a locale key under `why` and what it needs. Shown to people by *Why?*. */
export type Reason = { key: string; params?: Record<string, string | number> };

/** What keeps a mailbox from being read or sent through: a locale key under `mailboxes:trouble`. Times in milliseconds. */
export type MailboxTrouble = { key: string; params?: Record<string, string | number>; since: number; isTold: boolean };

/** Every table, once. Each dialect supplies its own column vocabulary. */
export function defineTables(columns: Columns) {
  const { table, index, uniqueIndex, unique, check, foreignKey, primaryKey } = columns;
  const { id, bigId, text, integer, bigInteger, flag, instant, json, bytes } = columns;

  const settings = table('settings', { key: text().primaryKey(), value: json<unknown>().notNull(), updatedAt: instant().notNull() });

  const counters = table('counters', { name: text().primaryKey(), value: integer().notNull().default(0) });

  const leases = table('leases', { name: text().primaryKey(), holder: text().notNull(), until: instant().notNull() });

  // ── People ──────────────────────────────────────────────────────────────

  const organizations = table('organizations', { id: id(), name: text().notNull(), createdAt: instant().notNull() });

  /** Only a domain an admin confirmed makes its people colleagues of each other. */
  const organizationDomains = table(
    'organization_domains',
    {
      id: id(),
      organizationId: integer()
        .notNull()
        .references(() => organizations.id),
      domain: text().notNull(),
      confirmedAt: instant(),
    },
    (t) => [uniqueIndex('organization_domains_domain').on(t.domain)],
  );

  const people = table(
    'people',
    {
      id: id(),
      name: text().notNull(),
      role: text().$type<Role>().notNull().default('none'),
      organizationId: integer().references(() => organizations.id),
      language: text(),
      languageSource: text().$type<LanguageSource>(),
      /** A sure language seen once that differs: two in a row change it. */
      nextLanguage: text(),
      timeZone: text(),
      signatures: json<Record<string, string>>().notNull(),
      hintedAt: instant(),
      askedToJoinAt: instant(),
      createdAt: instant().notNull(),
      updatedAt: instant().notNull(),
      erasedAt: instant(),
    },
    (t) => [index('people_role').on(t.role), index('people_organization').on(t.organizationId)],
  );

  /** One human, many identities. `value` is normalised: lower-case address, E.164 phone, Slack user id. */
  const identities = table(
    'identities',
    {
      id: id(),
      personId: integer()
        .notNull()
        .references(() => people.id),
      kind: text().$type<'email' | 'phone' | 'slack'>().notNull(),
      value: text().notNull(),
      display: text().notNull(),
      undeliverableAt: instant(),
      createdAt: instant().notNull(),
    },
    (t) => [uniqueIndex('identities_kind_value').on(t.kind, t.value), index('identities_person').on(t.personId)],
  );

  const groups = table(
    'groups',
    {
      id: id(),
      name: text().notNull(),
      isDefault: flag().notNull().default(false),
      isPrivate: flag().notNull().default(false),
      slackChannel: text(),
      policy: text().$type<Policy>().notNull().default('guarded'),
      holdSeconds: integer(),
      language: text(),
      createdAt: instant().notNull(),
    },
    (t) => [uniqueIndex('groups_name').on(t.name), index('groups_channel').on(t.slackChannel)],
  );

  const groupMembers = table(
    'group_members',
    {
      groupId: integer()
        .notNull()
        .references(() => groups.id),
      personId: integer()
        .notNull()
        .references(() => people.id),
    },
    (t) => [primaryKey({ columns: [t.groupId, t.personId] })],
  );

  /** A mail account: read over IMAP, sent through over SMTP, or one of them. */
  const mailboxes = table(
    'mailboxes',
    {
      id: id(),
      name: text().notNull(),
      /** Named by the environment, and written anew from it at every start. */
      isFromEnvironment: flag().notNull().default(false),
      isEnabled: flag().notNull().default(true),
      auth: text().$type<MailboxAuth>().notNull().default('password'),
      userName: text().notNull().default(''),
      /** Sealed: the password, or what OAuth2 gave. */
      secret: text(),
      /** Null: nothing is read. */
      imapHost: text(),
      imapPort: integer().notNull().default(993),
      imapSecurity: text().$type<MailSecurity>().notNull().default('tls'),
      folder: text().notNull().default('INBOX'),
      /** What becomes of a mail in its folder once it is stored. */
      afterwards: text().$type<Afterwards>().notNull().default('leave'),
      afterwardsFolder: text(),
      /** At the first connection: how many days back, or nothing older than it. */
      importDays: integer().notNull().default(0),
      /** Names under which its own server writes Authentication-Results (RFC 8601 §2.5). */
      trustedAuthservIds: json<string[]>().notNull(),
      areInternalSendersAuthenticated: flag().notNull().default(false),
      /** How far it was read: every mail up to `lastUid` is stored. Null before the first connection. */
      uidValidity: bigInteger(),
      lastUid: bigInteger(),
      readAt: instant(),
      imapTrouble: json<MailboxTrouble>(),
      /** Null: nothing is sent. */
      smtpHost: text(),
      smtpPort: integer().notNull().default(587),
      smtpSecurity: text().$type<MailSecurity>().notNull().default('starttls'),
      /** Null: the same login as IMAP's. */
      smtpUserName: text(),
      smtpSecret: text(),
      smtpPerMinute: integer(),
      keepsSentCopies: flag().notNull().default(false),
      sentFolder: text(),
      dkimDomain: text(),
      dkimSelector: text(),
      dkimKey: text(),
      smtpTrouble: json<MailboxTrouble>(),
      /** Until somebody mends it nothing is sent through it: its login was refused. */
      smtpPausedAt: instant(),
      version: integer().notNull().default(1),
      createdAt: instant().notNull(),
      updatedAt: instant().notNull(),
    },
    (t) => [uniqueIndex('mailboxes_name').on(t.name)],
  );

  /** Our own mail addresses: each maps to a group and a default language. */
  const addresses = table(
    'addresses',
    {
      id: id(),
      address: text().notNull(),
      displayName: text().notNull(),
      groupId: integer()
        .notNull()
        .references(() => groups.id),
      language: text(),
      /** What its mail is sent through; null for the environment's server. */
      mailboxId: integer().references(() => mailboxes.id),
      isDefault: flag().notNull().default(false),
      createdAt: instant().notNull(),
    },
    (t) => [uniqueIndex('addresses_address').on(t.address)],
  );

  // ── Tickets ─────────────────────────────────────────────────────────────

  const tickets = table(
    'tickets',
    {
      id: id(),
      number: integer().notNull(),
      subject: text().notNull(),
      channel: text().$type<Channel>().notNull(),
      requesterId: integer()
        .notNull()
        .references(() => people.id),
      organizationId: integer().references(() => organizations.id),
      groupId: integer()
        .notNull()
        .references(() => groups.id),
      assigneeId: integer().references(() => people.id),
      addressId: integer().references(() => addresses.id),
      status: text().$type<Status>().notNull().default('new'),
      priority: text().$type<Priority>().notNull().default('normal'),
      type: text().$type<TicketType>().notNull().default('question'),
      dueAt: instant(),
      category: text(),
      tags: json<string[]>().notNull(),
      language: text().notNull(),
      languageSource: text().$type<LanguageSource>().notNull(),
      languageConfidence: integer(),
      /** A sure language seen once that differs from the ticket's: two in a row change it. */
      nextLanguage: text(),
      previousLanguage: text(),
      verdict: text().$type<Verdict>().notNull().default('none'),
      /** False for automatic senders, and where the staff said no: Tiketti of itself writes to nobody. */
      isAnswerable: flag().notNull().default(true),
      customFields: json<Json>().notNull(),
      workSeconds: integer().notNull().default(0),
      mergedIntoId: integer(),
      /** Where a ticket born in Slack came from: answers to its requester go into that thread. */
      sourceChannel: text(),
      sourceTs: text(),
      createdAt: instant().notNull(),
      updatedAt: instant().notNull(),
      statusAt: instant().notNull(),
      firstRepliedAt: instant(),
      lastReplyAt: instant(),
      solvedAt: instant(),
      closedAt: instant(),
      deletedAt: instant(),
    },
    (t) => [
      uniqueIndex('tickets_number').on(t.number),
      uniqueIndex('tickets_source').on(t.sourceChannel, t.sourceTs),
      index('tickets_requester').on(t.requesterId, t.createdAt),
      index('tickets_organization').on(t.organizationId, t.createdAt),
      index('tickets_assignee').on(t.assigneeId, t.status),
      index('tickets_unassigned')
        .on(t.groupId, t.createdAt)
        .where(sql`assignee_id is null and status in ('new','open','pending','on_hold')`),
      index('tickets_solved')
        .on(t.solvedAt)
        .where(sql`status = 'solved'`),
      foreignKey({ columns: [t.mergedIntoId], foreignColumns: [t.id] }),
    ],
  );

  const ticketPeople = table(
    'ticket_people',
    {
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      personId: integer()
        .notNull()
        .references(() => people.id),
      role: text().$type<'cc' | 'follower'>().notNull(),
      addedAt: instant().notNull(),
    },
    (t) => [primaryKey({ columns: [t.ticketId, t.personId, t.role] }), index('ticket_people_person').on(t.personId)],
  );

  const ticketLinks = table(
    'ticket_links',
    {
      id: id(),
      kind: text().$type<'follow_up' | 'incident_of' | 'related'>().notNull(),
      fromId: integer()
        .notNull()
        .references(() => tickets.id),
      toId: integer()
        .notNull()
        .references(() => tickets.id),
      createdAt: instant().notNull(),
    },
    (t) => [uniqueIndex('ticket_links_pair').on(t.kind, t.fromId, t.toId), index('ticket_links_to').on(t.toId)],
  );

  /** A name for stored bytes. The bytes lie in the files store under `sha256` and leave with their last row. */
  const files = table(
    'files',
    {
      id: id(),
      sha256: text().notNull(),
      filename: text().notNull(),
      contentType: text().notNull(),
      sizeBytes: integer().notNull(),
      slackFileId: text(),
      createdAt: instant().notNull(),
    },
    (t) => [index('files_sha256').on(t.sha256), index('files_slack').on(t.slackFileId)],
  );

  const comments = table(
    'comments',
    {
      id: id(),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      authorId: integer().references(() => people.id),
      /** `in`: from the requester's side · `out`: from ours. */
      direction: text().$type<'in' | 'out'>().notNull(),
      visibility: text().$type<Visibility>().notNull(),
      via: text().$type<Channel>().notNull(),
      isAutomatic: flag().notNull().default(false),
      document: json<Document>().notNull(),
      /** The whole body as text, quotes included, when it differs from the document's. */
      fullText: text(),
      hiddenLines: integer().notNull().default(0),
      /** Where it came from, once: `slack:T:C:ts`, `mail:ID`, `view:ID`. */
      sourceKey: text(),
      reasons: json<Reason[]>().notNull(),
      at: instant().notNull(),
      editedAt: instant(),
      /** The author deleted the source in Slack after the customer had it. */
      withdrawnAt: instant(),
      redactedAt: instant(),
    },
    (t) => [
      uniqueIndex('comments_source').on(t.sourceKey),
      index('comments_ticket').on(t.ticketId, t.id),
      index('comments_author').on(t.authorId),
      // What a delivery points at: a note has no row under ('public'), so it can never be mailed.
      unique('comments_key').on(t.id, t.ticketId, t.visibility),
      check('comments_visibility', sql`visibility in ('public','internal')`),
    ],
  );

  const commentFiles = table(
    'comment_files',
    {
      id: id(),
      commentId: integer()
        .notNull()
        .references(() => comments.id),
      fileId: integer()
        .notNull()
        .references(() => files.id),
      position: integer().notNull(),
      isInline: flag().notNull().default(false),
      contentId: text(),
    },
    (t) => [index('comment_files_comment').on(t.commentId, t.position), index('comment_files_file').on(t.fileId)],
  );

  // ── Mail ────────────────────────────────────────────────────────────────

  /** Every mail that reached us, stored before anything else is done with it. */
  const mails = table(
    'mails',
    {
      id: bigId(),
      mailbox: text().notNull(),
      uidValidity: bigInteger(),
      uid: bigInteger(),
      rawDigest: text().notNull(),
      /** Over Message-ID, From, Date and the bodies: the same mail through two mailboxes has one. */
      contentDigest: text(),
      messageId: text(),
      envelopeFrom: text(),
      envelopeTo: json<string[]>().notNull(),
      fromAddress: text(),
      sizeBytes: integer().notNull(),
      raw: bytes(),
      rawFile: text(),
      /** Too large to be taken whole: these are its bytes at the server, and `raw` is only its header. */
      wholeSizeBytes: bigInteger(),
      /** Older than the mailbox's first connection: its sender gets no confirmation. */
      isImported: flag().notNull().default(false),
      state: text().$type<'stored' | 'processed' | 'quarantined'>().notNull().default('stored'),
      outcome: text().$type<'created' | 'appended' | 'linked' | 'ignored' | 'quarantined' | 'duplicate'>(),
      reasons: json<string[]>().notNull(),
      kind: text(),
      attempts: integer().notNull().default(0),
      ticketId: integer().references(() => tickets.id),
      commentId: integer().references(() => comments.id),
      receivedAt: instant().notNull(),
      processedAt: instant(),
      /** The admin who took it out of quarantine. */
      releasedById: integer().references(() => people.id),
      purgedAt: instant(),
    },
    (t) => [
      uniqueIndex('mails_uid').on(t.mailbox, t.uidValidity, t.uid),
      uniqueIndex('mails_raw_digest').on(t.rawDigest),
      uniqueIndex('mails_content_digest').on(t.contentDigest),
      index('mails_ticket').on(t.ticketId),
      index('mails_sender').on(t.fromAddress, t.receivedAt),
      index('mails_state')
        .on(t.state)
        .where(sql`state <> 'processed'`),
      index('mails_file')
        .on(t.rawFile)
        .where(sql`raw_file is not null`),
    ],
  );

  /** Message-IDs seen on a ticket's mails, theirs and ours: what In-Reply-To and References are looked up in. */
  const messageIds = table(
    'message_ids',
    {
      id: bigId(),
      messageId: text().notNull(),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      isOwn: flag().notNull(),
      at: instant().notNull(),
    },
    (t) => [uniqueIndex('message_ids_pair').on(t.messageId, t.ticketId), index('message_ids_ticket').on(t.ticketId)],
  );

  /** Something Tiketti tells of itself: to the requester (confirmation, solved, follow-up) or to an agent. */
  const notices = table(
    'notices',
    {
      id: id(),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      audience: text().$type<'requester' | 'agent'>().notNull(),
      template: text().notNull(),
      /** One notice for one cause, however often the cause is looked at. */
      key: text().notNull(),
      eventId: bigInteger(),
      ruleId: integer(),
      createdAt: instant().notNull(),
    },
    (t) => [uniqueIndex('notices_key').on(t.key), index('notices_ticket').on(t.ticketId)],
  );

  const sideConversations = table(
    'side_conversations',
    {
      id: id(),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      kind: text().$type<'channel'>().notNull(),
      channel: text().notNull(),
      threadTs: text(),
      subject: text().notNull(),
      startedById: integer()
        .notNull()
        .references(() => people.id),
      createdAt: instant().notNull(),
    },
    (t) => [index('side_conversations_ticket').on(t.ticketId), uniqueIndex('side_conversations_thread').on(t.channel, t.threadTs)],
  );

  const sideMessages = table(
    'side_messages',
    {
      id: id(),
      sideId: integer()
        .notNull()
        .references(() => sideConversations.id),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      authorId: integer().references(() => people.id),
      direction: text().$type<'in' | 'out'>().notNull(),
      document: json<Document>().notNull(),
      sourceKey: text(),
      editedTs: text(),
      at: instant().notNull(),
      deletedAt: instant(),
      noteId: integer().references(() => comments.id),
    },
    (t) => [
      uniqueIndex('side_messages_source').on(t.sourceKey),
      index('side_messages_side').on(t.sideId),
      unique('side_messages_key').on(t.id, t.ticketId),
    ],
  );

  /**
   * One thing that must reach the outside. Content and addressing are frozen here when it is released; the bytes are
   * rendered once, and only those are ever sent.
   */
  const deliveries = table(
    'deliveries',
    {
      id: bigId(),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      commentId: integer(),
      commentVisibility: text().$type<'public'>(),
      sideMessageId: integer(),
      noticeId: integer().references(() => notices.id),
      via: text().$type<'mail' | 'slack'>().notNull(),
      state: text().$type<DeliveryState>().notNull().default('queued'),
      messageId: text(),
      template: text().notNull(),
      content: json<Json>(),
      /** Counts up when the content is frozen anew before it leaves: a sender who read the older one reads again. */
      revision: integer().notNull().default(1),
      addressing: json<Json>(),
      bytes: bytes(),
      /** Deliveries with one key leave in the order of their ids: ticket and first recipient. */
      orderKey: text().notNull(),
      isAutomatic: flag().notNull().default(false),
      mayHaveArrivedTwice: flag().notNull().default(false),
      attempts: integer().notNull().default(0),
      nextAt: instant().notNull(),
      claimedBy: text(),
      claimedUntil: instant(),
      response: text(),
      firstTriedAt: instant(),
      /** When somebody looks whether it has left; null for what nobody waits for. */
      lateAt: instant(),
      lateness: text().$type<Lateness>().notNull().default('none'),
      acceptedAt: instant(),
      createdAt: instant().notNull(),
      updatedAt: instant().notNull(),
    },
    (t) => [
      uniqueIndex('deliveries_message_id').on(t.messageId),
      index('deliveries_due')
        .on(t.nextAt)
        .where(sql`state in ('queued','delayed','unknown','sending')`),
      index('deliveries_live_order')
        .on(t.orderKey, t.id)
        .where(sql`state in ('queued','delayed','unknown','sending')`),
      index('deliveries_late')
        .on(t.lateAt)
        .where(sql`state in ('queued','sending','delayed')`),
      index('deliveries_ticket').on(t.ticketId),
      uniqueIndex('deliveries_comment').on(t.commentId, t.via),
      uniqueIndex('deliveries_notice').on(t.noticeId, t.via),
      index('deliveries_side').on(t.sideMessageId),
      foreignKey({
        name: 'deliveries_public_comment',
        columns: [t.commentId, t.ticketId, t.commentVisibility],
        foreignColumns: [comments.id, comments.ticketId, comments.visibility],
      }),
      foreignKey({
        name: 'deliveries_side_message',
        columns: [t.sideMessageId, t.ticketId],
        foreignColumns: [sideMessages.id, sideMessages.ticketId],
      }),
      check(
        'deliveries_one_source',
        sql`(comment_id is not null and coalesce(comment_visibility, '') = 'public' and side_message_id is null and notice_id is null)
         or (comment_id is null and comment_visibility is null and side_message_id is not null and notice_id is null)
         or (comment_id is null and comment_visibility is null and side_message_id is null and notice_id is not null)`,
      ),
    ],
  );

  const deliveryRecipients = table(
    'delivery_recipients',
    {
      id: bigId(),
      deliveryId: bigInteger()
        .notNull()
        .references(() => deliveries.id),
      kind: text().$type<'email' | 'slack'>().notNull(),
      address: text().notNull(),
      name: text().notNull().default(''),
      role: text().$type<'to' | 'cc'>().notNull(),
      state: text().$type<DeliveryState>().notNull().default('queued'),
      status: text(),
      response: text(),
      updatedAt: instant().notNull(),
    },
    (t) => [uniqueIndex('delivery_recipients_pair').on(t.deliveryId, t.address), index('delivery_recipients_address').on(t.address)],
  );

  /** What the budget of automatic mail is counted from. */
  const automaticMails = table(
    'automatic_mails',
    { id: bigId(), address: text().notNull(), domain: text().notNull(), at: instant().notNull() },
    (t) => [
      index('automatic_mails_address').on(t.address, t.at),
      index('automatic_mails_domain').on(t.domain, t.at),
      index('automatic_mails_at').on(t.at),
    ],
  );

  // ── Slack ───────────────────────────────────────────────────────────────

  /** The pause before a reply leaves. */
  const holds = table(
    'holds',
    {
      id: id(),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      authorId: integer()
        .notNull()
        .references(() => people.id),
      state: text().$type<HoldState>().notNull(),
      reasons: json<Reason[]>().notNull(),
      document: json<Document>().notNull(),
      fileIds: json<number[]>().notNull(),
      sourceKey: text().notNull(),
      channel: text().notNull(),
      threadTs: text().notNull(),
      sourceTs: text(),
      editedTs: text(),
      holdSeconds: integer().notNull(),
      createdAt: instant().notNull(),
      /** When Slack accepted the control line; the hold counts from here. */
      linedAt: instant(),
      releaseAt: instant(),
      commentId: integer().references(() => comments.id),
      decidedById: integer().references(() => people.id),
      updatedAt: instant().notNull(),
    },
    (t) => [
      uniqueIndex('holds_source').on(t.sourceKey),
      index('holds_ticket').on(t.ticketId),
      index('holds_live')
        .on(t.state, t.releaseAt)
        .where(sql`state in ('lining','counting','paused','waiting')`),
      index('holds_author').on(t.authorId, t.state),
      index('holds_comment').on(t.commentId),
    ],
  );

  /** What each human message in a ticket's thread was taken for, and why. */
  const threadMessages = table(
    'thread_messages',
    {
      id: id(),
      key: text().notNull(),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      authorId: integer().references(() => people.id),
      channel: text().notNull(),
      ts: text().notNull(),
      threadTs: text().notNull(),
      kind: text().$type<'note' | 'reply' | 'command' | 'ignored' | 'requester'>().notNull(),
      reasons: json<Reason[]>().notNull(),
      editedTs: text(),
      deletedAt: instant(),
      commentId: integer().references(() => comments.id),
      holdId: integer().references(() => holds.id),
      at: instant().notNull(),
    },
    (t) => [
      uniqueIndex('thread_messages_key').on(t.key),
      index('thread_messages_ticket').on(t.ticketId),
      index('thread_messages_thread').on(t.channel, t.threadTs, t.ts),
    ],
  );

  /** Which thread is about what. A ticket's old threads stay as aliases. */
  const slackThreads = table(
    'slack_threads',
    {
      id: id(),
      channel: text().notNull(),
      ts: text().notNull(),
      ticketId: integer()
        .notNull()
        .references(() => tickets.id),
      kind: text().$type<'card' | 'alias' | 'requester' | 'side'>().notNull(),
      sideId: integer().references(() => sideConversations.id),
      createdAt: instant().notNull(),
    },
    (t) => [uniqueIndex('slack_threads_place').on(t.channel, t.ts), index('slack_threads_ticket').on(t.ticketId, t.kind)],
  );

  /** Each thing we show in Slack: a row first, then the call. `key` says what it shows, e.g. `card:12`, `comment:55:0`. */
  const slackPosts = table(
    'slack_posts',
    {
      id: bigId(),
      key: text().notNull(),
      ticketId: integer().references(() => tickets.id),
      channel: text(),
      threadTs: text(),
      ts: text(),
      fileId: text(),
      hash: text(),
      state: text().$type<'wanted' | 'posting' | 'posted' | 'gone'>().notNull(),
      postedAt: instant(),
      updatedAt: instant().notNull(),
    },
    (t) => [
      uniqueIndex('slack_posts_key').on(t.key),
      index('slack_posts_ticket').on(t.ticketId),
      index('slack_posts_place').on(t.channel, t.ts),
    ],
  );

  const slackUsers = table('slack_users', {
    id: text().primaryKey(),
    teamId: text().notNull(),
    name: text().notNull(),
    email: text(),
    locale: text().notNull(),
    timeZone: text().notNull(),
    isBot: flag().notNull(),
    isGuest: flag().notNull(),
    isStranger: flag().notNull(),
    isOwner: flag().notNull(),
    isDeleted: flag().notNull(),
    fetchedAt: instant().notNull(),
  });

  /** What Slack sent, stored before it is acknowledged. */
  const inbox = table(
    'inbox',
    {
      id: bigId(),
      key: text().notNull(),
      kind: text().notNull(),
      payload: json<Json>().notNull(),
      receivedAt: instant().notNull(),
      doneAt: instant(),
    },
    (t) => [uniqueIndex('inbox_key').on(t.key), index('inbox_received').on(t.receivedAt)],
  );

  // ── The spine ───────────────────────────────────────────────────────────

  const events = table(
    'events',
    {
      id: bigId(),
      ticketId: integer().references(() => tickets.id),
      type: text().notNull(),
      actorKind: text().$type<'person' | 'rule' | 'system'>().notNull(),
      actorId: integer(),
      causeId: bigInteger(),
      /** How many rules stand between this and what a person or the outside did. */
      depth: integer().notNull().default(0),
      data: json<Json>().notNull(),
      at: instant().notNull(),
    },
    (t) => [index('events_ticket').on(t.ticketId, t.id), index('events_type').on(t.type, t.id)],
  );

  const jobs = table(
    'jobs',
    {
      id: bigId(),
      kind: text().notNull(),
      /** Two wishes with one key are one job. */
      key: text(),
      /** Jobs of one lane run one at a time, in the order of `rank`, then id. */
      lane: text(),
      rank: text().notNull().default(''),
      payload: json<Json>().notNull(),
      runAt: instant().notNull(),
      attempts: integer().notNull().default(0),
      claimedBy: text(),
      claimedUntil: instant(),
      error: text(),
      stoppedAt: instant(),
      createdAt: instant().notNull(),
    },
    (t) => [
      uniqueIndex('jobs_key').on(t.key),
      index('jobs_due')
        .on(t.kind, t.runAt)
        .where(sql`stopped_at is null`),
      index('jobs_lane').on(t.lane, t.rank, t.id),
    ],
  );

  const rules = table(
    'rules',
    {
      id: id(),
      kind: text().$type<'trigger'>().notNull(),
      /** Shipped rules are known by a key and named in the reader's language. */
      builtin: text(),
      name: text().notNull(),
      position: integer().notNull(),
      isEnabled: flag().notNull(),
      on: json<string[]>().notNull(),
      conditions: json<Json>().notNull(),
      actions: json<Json[]>().notNull(),
      version: integer().notNull().default(1),
      createdAt: instant().notNull(),
      updatedAt: instant().notNull(),
    },
    (t) => [uniqueIndex('rules_builtin').on(t.builtin), index('rules_position').on(t.position)],
  );

  const ruleVersions = table(
    'rule_versions',
    {
      ruleId: integer()
        .notNull()
        .references(() => rules.id),
      version: integer().notNull(),
      content: json<Json>().notNull(),
      byId: integer().references(() => people.id),
      at: instant().notNull(),
    },
    (t) => [primaryKey({ columns: [t.ruleId, t.version] })],
  );

  const firings = table(
    'firings',
    {
      id: bigId(),
      ruleId: integer()
        .notNull()
        .references(() => rules.id),
      ruleVersion: integer().notNull(),
      eventId: bigInteger().notNull(),
      ticketId: integer().references(() => tickets.id),
      outcome: json<Reason[]>().notNull(),
      at: instant().notNull(),
    },
    (t) => [
      uniqueIndex('firings_once').on(t.ruleId, t.eventId),
      index('firings_rule').on(t.ruleId, t.id),
      index('firings_ticket').on(t.ticketId),
    ],
  );

  const audit = table(
    'audit',
    {
      id: bigId(),
      actorId: integer().references(() => people.id),
      action: text().notNull(),
      subject: text().notNull(),
      data: json<Json>().notNull(),
      at: instant().notNull(),
    },
    (t) => [index('audit_at').on(t.at), index('audit_subject').on(t.subject)],
  );

  return {
    settings,
    counters,
    leases,
    organizations,
    organizationDomains,
    people,
    identities,
    groups,
    groupMembers,
    mailboxes,
    addresses,
    tickets,
    ticketPeople,
    ticketLinks,
    files,
    comments,
    commentFiles,
    mails,
    messageIds,
    notices,
    sideConversations,
    sideMessages,
    deliveries,
    deliveryRecipients,
    automaticMails,
    holds,
    threadMessages,
    slackThreads,
    slackPosts,
    slackUsers,
    inbox,
    events,
    jobs,
    rules,
    ruleVersions,
    firings,
    audit,
  };
}
