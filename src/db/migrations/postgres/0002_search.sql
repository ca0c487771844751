CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE TABLE "search_texts" (
	"kind" text NOT NULL,
	"ref" integer NOT NULL,
	"words" text NOT NULL,
	"vector" tsvector NOT NULL,
	PRIMARY KEY ("kind", "ref")
);
--> statement-breakpoint
CREATE INDEX "search_texts_vector" ON "search_texts" USING gin ("vector");
--> statement-breakpoint
CREATE INDEX "search_texts_words" ON "search_texts" USING gin ("words" gin_trgm_ops);
