CREATE TABLE `mailboxes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`is_from_environment` integer DEFAULT false NOT NULL,
	`is_enabled` integer DEFAULT true NOT NULL,
	`auth` text DEFAULT 'password' NOT NULL,
	`user_name` text DEFAULT '' NOT NULL,
	`secret` text,
	`imap_host` text,
	`imap_port` integer DEFAULT 993 NOT NULL,
	`imap_security` text DEFAULT 'tls' NOT NULL,
	`folder` text DEFAULT 'INBOX' NOT NULL,
	`afterwards` text DEFAULT 'leave' NOT NULL,
	`afterwards_folder` text,
	`import_days` integer DEFAULT 0 NOT NULL,
	`trusted_authserv_ids` text NOT NULL,
	`are_internal_senders_authenticated` integer DEFAULT false NOT NULL,
	`uid_validity` integer,
	`last_uid` integer,
	`read_at` integer,
	`imap_trouble` text,
	`smtp_host` text,
	`smtp_port` integer DEFAULT 587 NOT NULL,
	`smtp_security` text DEFAULT 'starttls' NOT NULL,
	`smtp_user_name` text,
	`smtp_secret` text,
	`smtp_per_minute` integer,
	`keeps_sent_copies` integer DEFAULT false NOT NULL,
	`sent_folder` text,
	`dkim_domain` text,
	`dkim_selector` text,
	`dkim_key` text,
	`smtp_trouble` text,
	`smtp_paused_at` integer,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mailboxes_name` ON `mailboxes` (`name`);--> statement-breakpoint
ALTER TABLE `addresses` ADD `mailbox_id` integer REFERENCES mailboxes(id);--> statement-breakpoint
ALTER TABLE `mails` ADD `whole_size_bytes` integer;--> statement-breakpoint
ALTER TABLE `mails` ADD `is_imported` integer DEFAULT false NOT NULL;