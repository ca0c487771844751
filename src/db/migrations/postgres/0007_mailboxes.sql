CREATE TABLE "mailboxes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mailboxes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"is_from_environment" boolean DEFAULT false NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"auth" text DEFAULT 'password' NOT NULL,
	"user_name" text DEFAULT '' NOT NULL,
	"secret" text,
	"imap_host" text,
	"imap_port" integer DEFAULT 993 NOT NULL,
	"imap_security" text DEFAULT 'tls' NOT NULL,
	"folder" text DEFAULT 'INBOX' NOT NULL,
	"afterwards" text DEFAULT 'leave' NOT NULL,
	"afterwards_folder" text,
	"import_days" integer DEFAULT 0 NOT NULL,
	"trusted_authserv_ids" jsonb NOT NULL,
	"are_internal_senders_authenticated" boolean DEFAULT false NOT NULL,
	"uid_validity" bigint,
	"last_uid" bigint,
	"read_at" timestamp (3) with time zone,
	"imap_trouble" jsonb,
	"smtp_host" text,
	"smtp_port" integer DEFAULT 587 NOT NULL,
	"smtp_security" text DEFAULT 'starttls' NOT NULL,
	"smtp_user_name" text,
	"smtp_secret" text,
	"smtp_per_minute" integer,
	"keeps_sent_copies" boolean DEFAULT false NOT NULL,
	"sent_folder" text,
	"dkim_domain" text,
	"dkim_selector" text,
	"dkim_key" text,
	"smtp_trouble" jsonb,
	"smtp_paused_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "addresses" ADD COLUMN "mailbox_id" integer;--> statement-breakpoint
ALTER TABLE "mails" ADD COLUMN "whole_size_bytes" bigint;--> statement-breakpoint
ALTER TABLE "mails" ADD COLUMN "is_imported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "mailboxes_name" ON "mailboxes" USING btree ("name");--> statement-breakpoint
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE no action ON UPDATE no action;