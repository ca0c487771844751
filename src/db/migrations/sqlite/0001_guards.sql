-- Nothing of a side conversation, and no word meant for agents, is ever addressed to one of the ticket's customers.
CREATE TRIGGER `delivery_recipients_internal` BEFORE INSERT ON `delivery_recipients`
WHEN EXISTS (
  SELECT 1 FROM `deliveries` d LEFT JOIN `notices` n ON n.`id` = d.`notice_id`
  WHERE d.`id` = NEW.`delivery_id` AND (d.`side_message_id` IS NOT NULL OR n.`audience` = 'agent')
    AND EXISTS (
      SELECT 1 FROM `identities` i WHERE i.`kind` = NEW.`kind` AND i.`value` = NEW.`address` AND i.`person_id` IN (
        SELECT `requester_id` FROM `tickets` WHERE `id` = d.`ticket_id`
        UNION SELECT `person_id` FROM `ticket_people` WHERE `ticket_id` = d.`ticket_id` AND `role` = 'cc')))
BEGIN SELECT RAISE(ABORT, 'an internal delivery is addressed to a customer of its ticket'); END;
--> statement-breakpoint
CREATE TRIGGER `delivery_recipients_fixed` BEFORE UPDATE OF `delivery_id`, `kind`, `address` ON `delivery_recipients`
WHEN NEW.`delivery_id` IS NOT OLD.`delivery_id` OR NEW.`kind` IS NOT OLD.`kind`
  OR (NEW.`address` IS NOT OLD.`address` AND NEW.`address` NOT LIKE 'erased-%')
BEGIN SELECT RAISE(ABORT, 'the recipients of a delivery are frozen'); END;
--> statement-breakpoint
CREATE TRIGGER `deliveries_fixed` BEFORE UPDATE OF `ticket_id`, `comment_id`, `comment_visibility`, `side_message_id`, `notice_id` ON `deliveries`
WHEN NEW.`ticket_id` IS NOT OLD.`ticket_id` OR NEW.`comment_id` IS NOT OLD.`comment_id` OR NEW.`comment_visibility` IS NOT OLD.`comment_visibility`
  OR NEW.`side_message_id` IS NOT OLD.`side_message_id` OR NEW.`notice_id` IS NOT OLD.`notice_id`
BEGIN SELECT RAISE(ABORT, 'the source of a delivery is frozen'); END;
--> statement-breakpoint
CREATE TRIGGER `comments_stay_internal` BEFORE UPDATE OF `visibility` ON `comments`
WHEN OLD.`visibility` <> NEW.`visibility`
BEGIN SELECT RAISE(ABORT, 'a comment keeps its visibility'); END;
--> statement-breakpoint
CREATE TRIGGER `notices_fixed` BEFORE UPDATE OF `audience` ON `notices`
WHEN OLD.`audience` <> NEW.`audience`
BEGIN SELECT RAISE(ABORT, 'a notice keeps its audience'); END;
