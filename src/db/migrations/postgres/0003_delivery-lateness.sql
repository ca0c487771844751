ALTER TABLE "deliveries" ADD COLUMN "late_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "lateness" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
CREATE INDEX "deliveries_late" ON "deliveries" USING btree ("late_at") WHERE state in ('queued','sending','delayed');