ALTER TABLE `deliveries` ADD `late_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `lateness` text DEFAULT 'none' NOT NULL;--> statement-breakpoint
CREATE INDEX `deliveries_late` ON `deliveries` (`late_at`) WHERE state in ('queued','sending','delayed');