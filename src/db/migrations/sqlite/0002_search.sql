CREATE VIRTUAL TABLE `search_ticket_words` USING fts5(words, content='', contentless_delete=1, tokenize='ascii', detail=none, prefix='1 2 3');
--> statement-breakpoint
CREATE VIRTUAL TABLE `search_ticket_parts` USING fts5(words, content='', contentless_delete=1, tokenize='trigram');
--> statement-breakpoint
CREATE VIRTUAL TABLE `search_person_words` USING fts5(words, content='', contentless_delete=1, tokenize='ascii', detail=none, prefix='1 2 3');
--> statement-breakpoint
CREATE VIRTUAL TABLE `search_person_parts` USING fts5(words, content='', contentless_delete=1, tokenize='trigram');
