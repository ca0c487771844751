CREATE TABLE `addresses` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address` text NOT NULL,
	`display_name` text NOT NULL,
	`group_id` integer NOT NULL,
	`language` text,
	`is_default` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `addresses_address` ON `addresses` (`address`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`actor_id` integer,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`actor_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`);--> statement-breakpoint
CREATE INDEX `audit_subject` ON `audit` (`subject`);--> statement-breakpoint
CREATE TABLE `automatic_mails` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address` text NOT NULL,
	`domain` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `automatic_mails_address` ON `automatic_mails` (`address`,`at`);--> statement-breakpoint
CREATE INDEX `automatic_mails_domain` ON `automatic_mails` (`domain`,`at`);--> statement-breakpoint
CREATE INDEX `automatic_mails_at` ON `automatic_mails` (`at`);--> statement-breakpoint
CREATE TABLE `comment_files` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`comment_id` integer NOT NULL,
	`file_id` integer NOT NULL,
	`position` integer NOT NULL,
	`is_inline` integer DEFAULT false NOT NULL,
	`content_id` text,
	FOREIGN KEY (`comment_id`) REFERENCES `comments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`file_id`) REFERENCES `files`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `comment_files_comment` ON `comment_files` (`comment_id`,`position`);--> statement-breakpoint
CREATE INDEX `comment_files_file` ON `comment_files` (`file_id`);--> statement-breakpoint
CREATE TABLE `comments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`author_id` integer,
	`direction` text NOT NULL,
	`visibility` text NOT NULL,
	`via` text NOT NULL,
	`is_automatic` integer DEFAULT false NOT NULL,
	`document` text NOT NULL,
	`full_text` text,
	`hidden_lines` integer DEFAULT 0 NOT NULL,
	`source_key` text,
	`reasons` text NOT NULL,
	`at` integer NOT NULL,
	`edited_at` integer,
	`withdrawn_at` integer,
	`redacted_at` integer,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`author_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "comments_visibility" CHECK(visibility in ('public','internal'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `comments_source` ON `comments` (`source_key`);--> statement-breakpoint
CREATE INDEX `comments_ticket` ON `comments` (`ticket_id`,`id`);--> statement-breakpoint
CREATE INDEX `comments_author` ON `comments` (`author_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `comments_key` ON `comments` (`id`,`ticket_id`,`visibility`);--> statement-breakpoint
CREATE TABLE `counters` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`comment_id` integer,
	`comment_visibility` text,
	`side_message_id` integer,
	`notice_id` integer,
	`via` text NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`message_id` text,
	`template` text NOT NULL,
	`content` text,
	`addressing` text,
	`bytes` blob,
	`order_key` text NOT NULL,
	`is_automatic` integer DEFAULT false NOT NULL,
	`may_have_arrived_twice` integer DEFAULT false NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_at` integer NOT NULL,
	`claimed_by` text,
	`claimed_until` integer,
	`response` text,
	`first_tried_at` integer,
	`accepted_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`notice_id`) REFERENCES `notices`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`comment_id`,`ticket_id`,`comment_visibility`) REFERENCES `comments`(`id`,`ticket_id`,`visibility`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`side_message_id`,`ticket_id`) REFERENCES `side_messages`(`id`,`ticket_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "deliveries_one_source" CHECK((comment_id is not null and coalesce(comment_visibility, '') = 'public' and side_message_id is null and notice_id is null)
         or (comment_id is null and comment_visibility is null and side_message_id is not null and notice_id is null)
         or (comment_id is null and comment_visibility is null and side_message_id is null and notice_id is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_message_id` ON `deliveries` (`message_id`);--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`next_at`) WHERE state in ('queued','delayed','unknown','sending');--> statement-breakpoint
CREATE INDEX `deliveries_live_order` ON `deliveries` (`order_key`,`id`) WHERE state in ('queued','delayed','unknown','sending');--> statement-breakpoint
CREATE INDEX `deliveries_ticket` ON `deliveries` (`ticket_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_comment` ON `deliveries` (`comment_id`,`via`);--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_notice` ON `deliveries` (`notice_id`,`via`);--> statement-breakpoint
CREATE INDEX `deliveries_side` ON `deliveries` (`side_message_id`);--> statement-breakpoint
CREATE TABLE `delivery_recipients` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`delivery_id` integer NOT NULL,
	`kind` text NOT NULL,
	`address` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`role` text NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`status` text,
	`response` text,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`delivery_id`) REFERENCES `deliveries`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `delivery_recipients_pair` ON `delivery_recipients` (`delivery_id`,`address`);--> statement-breakpoint
CREATE INDEX `delivery_recipients_address` ON `delivery_recipients` (`address`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer,
	`type` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` integer,
	`cause_id` integer,
	`depth` integer DEFAULT 0 NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `events_ticket` ON `events` (`ticket_id`,`id`);--> statement-breakpoint
CREATE INDEX `events_type` ON `events` (`type`,`id`);--> statement-breakpoint
CREATE TABLE `files` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`sha256` text NOT NULL,
	`filename` text NOT NULL,
	`content_type` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`slack_file_id` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `files_sha256` ON `files` (`sha256`);--> statement-breakpoint
CREATE INDEX `files_slack` ON `files` (`slack_file_id`);--> statement-breakpoint
CREATE TABLE `firings` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`rule_id` integer NOT NULL,
	`rule_version` integer NOT NULL,
	`event_id` integer NOT NULL,
	`ticket_id` integer,
	`outcome` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`rule_id`) REFERENCES `rules`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `firings_once` ON `firings` (`rule_id`,`event_id`);--> statement-breakpoint
CREATE INDEX `firings_rule` ON `firings` (`rule_id`,`id`);--> statement-breakpoint
CREATE INDEX `firings_ticket` ON `firings` (`ticket_id`);--> statement-breakpoint
CREATE TABLE `group_members` (
	`group_id` integer NOT NULL,
	`person_id` integer NOT NULL,
	PRIMARY KEY(`group_id`, `person_id`),
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `groups` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`is_default` integer DEFAULT false NOT NULL,
	`is_private` integer DEFAULT false NOT NULL,
	`slack_channel` text,
	`policy` text DEFAULT 'guarded' NOT NULL,
	`hold_seconds` integer,
	`language` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_name` ON `groups` (`name`);--> statement-breakpoint
CREATE INDEX `groups_channel` ON `groups` (`slack_channel`);--> statement-breakpoint
CREATE TABLE `holds` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`author_id` integer NOT NULL,
	`state` text NOT NULL,
	`reasons` text NOT NULL,
	`document` text NOT NULL,
	`file_ids` text NOT NULL,
	`source_key` text NOT NULL,
	`channel` text NOT NULL,
	`thread_ts` text NOT NULL,
	`source_ts` text,
	`edited_ts` text,
	`hold_seconds` integer NOT NULL,
	`created_at` integer NOT NULL,
	`lined_at` integer,
	`release_at` integer,
	`comment_id` integer,
	`decided_by_id` integer,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`author_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`comment_id`) REFERENCES `comments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`decided_by_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `holds_source` ON `holds` (`source_key`);--> statement-breakpoint
CREATE INDEX `holds_ticket` ON `holds` (`ticket_id`);--> statement-breakpoint
CREATE INDEX `holds_live` ON `holds` (`state`,`release_at`) WHERE state in ('lining','counting','paused','waiting');--> statement-breakpoint
CREATE INDEX `holds_author` ON `holds` (`author_id`,`state`);--> statement-breakpoint
CREATE INDEX `holds_comment` ON `holds` (`comment_id`);--> statement-breakpoint
CREATE TABLE `identities` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`person_id` integer NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`display` text NOT NULL,
	`undeliverable_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `identities_kind_value` ON `identities` (`kind`,`value`);--> statement-breakpoint
CREATE INDEX `identities_person` ON `identities` (`person_id`);--> statement-breakpoint
CREATE TABLE `inbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`received_at` integer NOT NULL,
	`done_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_key` ON `inbox` (`key`);--> statement-breakpoint
CREATE INDEX `inbox_received` ON `inbox` (`received_at`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`key` text,
	`lane` text,
	`rank` text DEFAULT '' NOT NULL,
	`payload` text NOT NULL,
	`run_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`claimed_by` text,
	`claimed_until` integer,
	`error` text,
	`stopped_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_key` ON `jobs` (`key`);--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`kind`,`run_at`) WHERE stopped_at is null;--> statement-breakpoint
CREATE INDEX `jobs_lane` ON `jobs` (`lane`,`rank`,`id`);--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mails` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`mailbox` text NOT NULL,
	`uid_validity` integer,
	`uid` integer,
	`raw_digest` text NOT NULL,
	`content_digest` text,
	`message_id` text,
	`envelope_from` text,
	`envelope_to` text NOT NULL,
	`from_address` text,
	`size_bytes` integer NOT NULL,
	`raw` blob,
	`raw_file` text,
	`state` text DEFAULT 'stored' NOT NULL,
	`outcome` text,
	`reasons` text NOT NULL,
	`kind` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`ticket_id` integer,
	`comment_id` integer,
	`received_at` integer NOT NULL,
	`processed_at` integer,
	`purged_at` integer,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`comment_id`) REFERENCES `comments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mails_uid` ON `mails` (`mailbox`,`uid_validity`,`uid`);--> statement-breakpoint
CREATE UNIQUE INDEX `mails_raw_digest` ON `mails` (`raw_digest`);--> statement-breakpoint
CREATE UNIQUE INDEX `mails_content_digest` ON `mails` (`content_digest`);--> statement-breakpoint
CREATE INDEX `mails_ticket` ON `mails` (`ticket_id`);--> statement-breakpoint
CREATE INDEX `mails_sender` ON `mails` (`from_address`,`received_at`);--> statement-breakpoint
CREATE INDEX `mails_state` ON `mails` (`state`) WHERE state <> 'processed';--> statement-breakpoint
CREATE INDEX `mails_file` ON `mails` (`raw_file`) WHERE raw_file is not null;--> statement-breakpoint
CREATE TABLE `message_ids` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`message_id` text NOT NULL,
	`ticket_id` integer NOT NULL,
	`is_own` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `message_ids_pair` ON `message_ids` (`message_id`,`ticket_id`);--> statement-breakpoint
CREATE INDEX `message_ids_ticket` ON `message_ids` (`ticket_id`);--> statement-breakpoint
CREATE TABLE `notices` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`audience` text NOT NULL,
	`template` text NOT NULL,
	`key` text NOT NULL,
	`event_id` integer,
	`rule_id` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notices_key` ON `notices` (`key`);--> statement-breakpoint
CREATE INDEX `notices_ticket` ON `notices` (`ticket_id`);--> statement-breakpoint
CREATE TABLE `organization_domains` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`organization_id` integer NOT NULL,
	`domain` text NOT NULL,
	`confirmed_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `organization_domains_domain` ON `organization_domains` (`domain`);--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `people` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`role` text DEFAULT 'none' NOT NULL,
	`organization_id` integer,
	`language` text,
	`language_source` text,
	`next_language` text,
	`time_zone` text,
	`signatures` text NOT NULL,
	`hinted_at` integer,
	`asked_to_join_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`erased_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `people_role` ON `people` (`role`);--> statement-breakpoint
CREATE INDEX `people_organization` ON `people` (`organization_id`);--> statement-breakpoint
CREATE TABLE `rule_versions` (
	`rule_id` integer NOT NULL,
	`version` integer NOT NULL,
	`content` text NOT NULL,
	`by_id` integer,
	`at` integer NOT NULL,
	PRIMARY KEY(`rule_id`, `version`),
	FOREIGN KEY (`rule_id`) REFERENCES `rules`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`by_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `rules` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`builtin` text,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`is_enabled` integer NOT NULL,
	`on` text NOT NULL,
	`conditions` text NOT NULL,
	`actions` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rules_builtin` ON `rules` (`builtin`);--> statement-breakpoint
CREATE INDEX `rules_position` ON `rules` (`position`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `side_conversations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`kind` text NOT NULL,
	`channel` text NOT NULL,
	`thread_ts` text,
	`subject` text NOT NULL,
	`started_by_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`started_by_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `side_conversations_ticket` ON `side_conversations` (`ticket_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `side_conversations_thread` ON `side_conversations` (`channel`,`thread_ts`);--> statement-breakpoint
CREATE TABLE `side_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`side_id` integer NOT NULL,
	`ticket_id` integer NOT NULL,
	`author_id` integer,
	`direction` text NOT NULL,
	`document` text NOT NULL,
	`source_key` text,
	`edited_ts` text,
	`at` integer NOT NULL,
	`deleted_at` integer,
	`note_id` integer,
	FOREIGN KEY (`side_id`) REFERENCES `side_conversations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`author_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`note_id`) REFERENCES `comments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `side_messages_source` ON `side_messages` (`source_key`);--> statement-breakpoint
CREATE INDEX `side_messages_side` ON `side_messages` (`side_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `side_messages_key` ON `side_messages` (`id`,`ticket_id`);--> statement-breakpoint
CREATE TABLE `slack_posts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`ticket_id` integer,
	`channel` text,
	`thread_ts` text,
	`ts` text,
	`file_id` text,
	`hash` text,
	`state` text NOT NULL,
	`posted_at` integer,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `slack_posts_key` ON `slack_posts` (`key`);--> statement-breakpoint
CREATE INDEX `slack_posts_ticket` ON `slack_posts` (`ticket_id`);--> statement-breakpoint
CREATE INDEX `slack_posts_place` ON `slack_posts` (`channel`,`ts`);--> statement-breakpoint
CREATE TABLE `slack_threads` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel` text NOT NULL,
	`ts` text NOT NULL,
	`ticket_id` integer NOT NULL,
	`kind` text NOT NULL,
	`side_id` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`side_id`) REFERENCES `side_conversations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `slack_threads_place` ON `slack_threads` (`channel`,`ts`);--> statement-breakpoint
CREATE INDEX `slack_threads_ticket` ON `slack_threads` (`ticket_id`,`kind`);--> statement-breakpoint
CREATE TABLE `slack_users` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`locale` text NOT NULL,
	`time_zone` text NOT NULL,
	`is_bot` integer NOT NULL,
	`is_guest` integer NOT NULL,
	`is_stranger` integer NOT NULL,
	`is_owner` integer NOT NULL,
	`is_deleted` integer NOT NULL,
	`fetched_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `thread_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`ticket_id` integer NOT NULL,
	`author_id` integer,
	`channel` text NOT NULL,
	`ts` text NOT NULL,
	`thread_ts` text NOT NULL,
	`kind` text NOT NULL,
	`reasons` text NOT NULL,
	`edited_ts` text,
	`deleted_at` integer,
	`comment_id` integer,
	`hold_id` integer,
	`at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`author_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`comment_id`) REFERENCES `comments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`hold_id`) REFERENCES `holds`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `thread_messages_key` ON `thread_messages` (`key`);--> statement-breakpoint
CREATE INDEX `thread_messages_ticket` ON `thread_messages` (`ticket_id`);--> statement-breakpoint
CREATE INDEX `thread_messages_thread` ON `thread_messages` (`channel`,`thread_ts`,`ts`);--> statement-breakpoint
CREATE TABLE `ticket_links` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`from_id` integer NOT NULL,
	`to_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`from_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`to_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ticket_links_pair` ON `ticket_links` (`kind`,`from_id`,`to_id`);--> statement-breakpoint
CREATE INDEX `ticket_links_to` ON `ticket_links` (`to_id`);--> statement-breakpoint
CREATE TABLE `ticket_people` (
	`ticket_id` integer NOT NULL,
	`person_id` integer NOT NULL,
	`role` text NOT NULL,
	`added_at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `person_id`, `role`),
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `ticket_people_person` ON `ticket_people` (`person_id`);--> statement-breakpoint
CREATE TABLE `tickets` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`number` integer NOT NULL,
	`subject` text NOT NULL,
	`channel` text NOT NULL,
	`requester_id` integer NOT NULL,
	`organization_id` integer,
	`group_id` integer NOT NULL,
	`assignee_id` integer,
	`address_id` integer,
	`status` text DEFAULT 'new' NOT NULL,
	`priority` text DEFAULT 'normal' NOT NULL,
	`type` text DEFAULT 'question' NOT NULL,
	`due_at` integer,
	`category` text,
	`tags` text NOT NULL,
	`language` text NOT NULL,
	`language_source` text NOT NULL,
	`language_confidence` integer,
	`next_language` text,
	`previous_language` text,
	`verdict` text DEFAULT 'none' NOT NULL,
	`custom_fields` text NOT NULL,
	`work_seconds` integer DEFAULT 0 NOT NULL,
	`merged_into_id` integer,
	`source_channel` text,
	`source_ts` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`status_at` integer NOT NULL,
	`first_replied_at` integer,
	`last_reply_at` integer,
	`solved_at` integer,
	`closed_at` integer,
	`deleted_at` integer,
	FOREIGN KEY (`requester_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`assignee_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`address_id`) REFERENCES `addresses`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`merged_into_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_number` ON `tickets` (`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_source` ON `tickets` (`source_channel`,`source_ts`);--> statement-breakpoint
CREATE INDEX `tickets_requester` ON `tickets` (`requester_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `tickets_organization` ON `tickets` (`organization_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `tickets_assignee` ON `tickets` (`assignee_id`,`status`);--> statement-breakpoint
CREATE INDEX `tickets_unassigned` ON `tickets` (`group_id`,`created_at`) WHERE assignee_id is null and status in ('new','open','pending','on_hold');--> statement-breakpoint
CREATE INDEX `tickets_solved` ON `tickets` (`solved_at`) WHERE status = 'solved';